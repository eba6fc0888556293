"""``python -m console`` is the same as ``zhiban``."""

from console.start import main

if __name__ == "__main__":
    main()
