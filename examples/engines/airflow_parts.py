"""Parts on Airflow: a task for each part, as many at once as the pool has room; a file for the `dags` folder.

`airflow dags test compile_parts` runs it once on this machine. A retry is safe, because a task writes one file with the same
bytes. To send what comes out, add one task that runs `pnpc push`: run again, it sends what is left.
"""

import os
from datetime import datetime, timedelta

from airflow.sdk import dag, task
from part import compile_part, parts_of


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(0)},
)
def compile_parts() -> None:
    """Compile each part of a table."""

    @task
    def listed() -> list[dict[str, object]]:
        return [{"name": name, "first": first} for name, first in parts_of(os.environ["PARTS"])]

    @task(max_active_tis_per_dag=8)
    def compiled(name: str, first: int) -> None:
        print(compile_part(name, first, os.environ["OUT"]))

    compiled.expand_kwargs(listed())


compile_parts()
