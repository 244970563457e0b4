"""`python -m netart`."""

from netart.cli import main

if __name__ == "__main__":
    main()
