// Nothing to run: this executable exists to be examined (symbols_test).

int main() { return 0; }
