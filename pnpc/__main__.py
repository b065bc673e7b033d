"""`python -m pnpc`: the command line."""

from pnpc.cli.main import run

if __name__ == "__main__":
    run()
