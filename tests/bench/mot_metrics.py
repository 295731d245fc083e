"""Tracking figures from MOT files, standard library only: IDF1 (Ristani et al. 2016), identity switches and CLEAR
counts (Bernardin and Stiefelhagen 2008) at one IoU threshold."""


def read_mot(path):
    """frame → [(id, (x, y, w, h), fields)]"""
    frames = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = line.strip().split(",")
            if len(fields) >= 6:
                box = tuple(float(v) for v in fields[2:6])
                frames.setdefault(int(fields[0]), []).append((int(fields[1]), box, fields))
    return frames


def iou(a, b):
    x = max(0.0, min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]))
    y = max(0.0, min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]))
    common = x * y
    union = a[2] * a[3] + b[2] * b[3] - common
    return common / union if union > 0 else 0.0


def assign(cost):
    """Hungarian method on a rectangular cost table (rows ≤ columns after padding); returns column of each row."""
    rows, columns = len(cost), len(cost[0]) if cost else 0
    n = max(rows, columns)
    inf = float("inf")
    table = [[cost[i][j] if i < rows and j < columns else 0.0 for j in range(n)] for i in range(n)]
    u, v, match = [0.0] * (n + 1), [0.0] * (n + 1), [0] * (n + 1)
    for i in range(1, n + 1):
        match[0], j0 = i, 0
        low, used, way = [inf] * (n + 1), [False] * (n + 1), [0] * (n + 1)
        while True:
            used[j0] = True
            i0, delta, j1 = match[j0], inf, 0
            for j in range(1, n + 1):
                if used[j]:
                    continue
                current = table[i0 - 1][j - 1] - u[i0] - v[j]
                if current < low[j]:
                    low[j], way[j] = current, j0
                if low[j] < delta:
                    delta, j1 = low[j], j
            for j in range(n + 1):
                if used[j]:
                    u[match[j]] += delta
                    v[j] -= delta
                else:
                    low[j] -= delta
            j0 = j1
            if match[j0] == 0:
                break
        while j0:
            match[j0] = match[way[j0]]
            j0 = way[j0]
    result = [-1] * rows
    for j in range(1, n + 1):
        if 1 <= match[j] <= rows and j <= columns:
            result[match[j] - 1] = j - 1
    return result


def match_frame(truth, found, threshold, kept=None):
    """Pairs (index in truth, index in found) with IoU ≥ threshold: kept ones first, then the best assignment."""
    pairs, used_t, used_f = [], set(), set()
    for t, f in kept or []:
        if iou(truth[t][1], found[f][1]) >= threshold:
            pairs.append((t, f))
            used_t.add(t)
            used_f.add(f)
    rest_t = [i for i in range(len(truth)) if i not in used_t]
    rest_f = [i for i in range(len(found)) if i not in used_f]
    if rest_t and rest_f:
        cost = [[1 - iou(truth[t][1], found[f][1]) for f in rest_f] for t in rest_t]
        cost = [[c if c <= 1 - threshold else 1000.0 for c in row] for row in cost]
        for i, j in enumerate(assign(cost)):
            if j >= 0 and cost[i][j] < 1000:
                pairs.append((rest_t[i], rest_f[j]))
    return pairs


def figures(truth, found, threshold=0.5, ignored=None):
    """truth, found: frame → [(id, box, …)]; ignored: frame → boxes that count neither way."""
    overlap, truth_count, found_count = {}, {}, {}
    last, switches, matches, misses, surplus = {}, 0, 0, 0, 0
    for frame in sorted(set(truth) | set(found)):
        t, f = truth.get(frame, []), list(found.get(frame, []))
        pairs = match_frame(t, f, threshold, [
            (i, j) for i, one in enumerate(t) for j, other in enumerate(f) if last.get(one[0]) == other[0]])
        taken = {j for _, j in pairs}
        blind = (ignored or {}).get(frame, [])
        drop = {j for j in range(len(f)) if j not in taken and any(iou(f[j][1], b) >= threshold for b in blind)}
        for i, j in pairs:
            if t[i][0] in last and last[t[i][0]] != f[j][0]:
                switches += 1
            last[t[i][0]] = f[j][0]
        matches += len(pairs)
        misses += len(t) - len(pairs)
        surplus += len(f) - len(taken) - len(drop)
        for one in t:
            truth_count[one[0]] = truth_count.get(one[0], 0) + 1
        for j, other in enumerate(f):
            if j in drop:
                continue
            found_count[other[0]] = found_count.get(other[0], 0) + 1
            for one in t:
                if iou(one[1], other[1]) >= threshold:
                    key = (one[0], other[0])
                    overlap[key] = overlap.get(key, 0) + 1
    ids_t, ids_f = sorted(truth_count), sorted(found_count)
    n = len(ids_t) + len(ids_f)
    idtp = 0
    if ids_t and ids_f:
        big = 1e9
        cost = [[big] * n for _ in range(n)]
        for i, a in enumerate(ids_t):
            for j, b in enumerate(ids_f):
                cost[i][j] = truth_count[a] + found_count[b] - 2 * overlap.get((a, b), 0)
            cost[i][len(ids_f) + i] = truth_count[a]
        for j, b in enumerate(ids_f):
            cost[len(ids_t) + j][j] = found_count[b]
            for i in range(len(ids_t)):
                cost[len(ids_t) + j][len(ids_f) + i] = 0
        for i, j in enumerate(assign(cost)):
            if i < len(ids_t) and j < len(ids_f):
                idtp += overlap.get((ids_t[i], ids_f[j]), 0)
    all_t, all_f = sum(truth_count.values()), sum(found_count.values())
    return {
        "idf1": 2 * idtp / (all_t + all_f) if all_t + all_f else 1.0,
        "switches": switches,
        "recall": matches / (matches + misses) if matches + misses else 1.0,
        "surplus": surplus,
        "tracks": len(ids_f),
    }
