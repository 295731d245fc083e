#!/usr/bin/env python3
"""Plants one violation of each kind in a small tree and expects check_layers to name it; the clean tree passes."""
import pathlib
import subprocess
import sys
import tempfile

CHECK = pathlib.Path(__file__).with_name("check_layers")

PLANTED = [
    # file, include, what the answer must mention
    ("gateway/surveillance/detect/x.cpp", '#include "match/matcher.h"', "may not include"),
    ("gateway/surveillance/detect/x.cpp", '#include "track/tracker.h"', "may not include"),
    ("gateway/surveillance/rules/x.cpp", '#include "detect/face_detector.h"', "may not include"),
    ("gateway/shared/core/x.cpp", '#include "config/config.h"', "may not include"),
    ("gateway/shared/frame/x.cpp", '#include "crypto/sm2.h"', "may not include"),
    ("gateway/uplink/delivery/x.cpp", '#include "detect/face_detector.h"', "may not include"),
    ("gateway/cli/x.cpp", '#include "lane/camera_chain.h"', "may not include"),
    ("gateway/surveillance/lane/x.cpp", "#include <gst/gst.h>", "may only be used"),
    ("gateway/shared/envelope/x.cpp", "#include <openssl/evp.h>", "may only be used"),
    ("gateway/shared/outbox/x.cpp", "#include <sqlite3.h>", "may only be used"),
    ("gateway/uplink/delivery/x.cpp", "#include <mqtt/async_client.h>", "may only be used"),
    ("gateway/console/handlers/x.cpp", "#include <boost/beast/http.hpp>", "may only be used"),
    ("gateway/surveillance/rules/x.cpp", "#include <opencv2/core.hpp>", "may only be used"),
    ("gateway/surveillance/detect/x.cpp", "#include <dlib/dnn.h>", "is banned"),
    ("gateway/somewhere/x.cpp", '#include "core/result.h"', "in no layer"),
]


def run(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        pathlib.Path(folder, "pipelines").mkdir(exist_ok=True)
        done = subprocess.run([sys.executable, CHECK, folder], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout


def main():
    clean = {"gateway/surveillance/track/tracker.cpp": '#include "detect/face_detector.h"\n#include "core/geometry.h"'}
    code, out = run(clean)
    failures = [] if code == 0 else [f"the clean tree was refused: {out}"]
    for name, include, expected in PLANTED:
        code, out = run({**clean, name: include})
        if code != 1 or expected not in out or name not in out:
            failures.append(f"not caught: {include} in {name}: exit {code}: {out}")
    for failure in failures:
        print(failure)
    print(f"{len(PLANTED) + 1 - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
