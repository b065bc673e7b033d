"""`pnpc compile` over a long table, against the pipeline that a team would write, measured in the same run."""

import json
import statistics
import sys
import time
from pathlib import Path

from timing import Timed, in_turn, ratio

SPEC = """\
pnpc: 1
name: shipment-completed
country: JP
variables:
  order_id:   {type: string, pattern: "^[A-Z0-9]{8,20}$"}
  shipped_on: {type: string, format: date}
  slot:       {type: string, enum: [午前中, 14-16時, 18-20時]}
  goods:      {type: string, maxLength: 40}
  total:      {type: integer, minimum: 0, maximum: 9999999}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: "{{ shipped_on | date('long') }}"}
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
      - {itemKey: number_001_ja, content: "{{ order_id }}"}
      - {itemKey: price_001_ja, content: "{{ total | currency }}"}
      - {itemKey: name_010_ja, content: "{{ goods }}"}
    buttons:
      - {buttonKey: check_delivery_status_ja, url: "https://shop.example.com/track/{{ order_id | urlencode }}"}
deliveryTag: "shipment-{{ order_id }}-{{ recipient.index }}"
"""
FLEXIBLE = """\
pnpc: 1
name: delay
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{8,20}$"}
message:
  messages:
    - type: flex
      altText: "ご注文 {{ order_id }} のお届けが遅れています"
      contents:
        type: bubble
        body: {type: box, layout: vertical, contents: [{type: text, text: "{{ order_id }}"}]}
deliveryTag: "delay-{{ order_id }}-{{ recipient.index }}"
"""
_SLOTS = ("午前中", "14-16時", "18-20時")
_GOODS = ("スープセット（冷凍）", "パンセット 6個", "季節の果物", "米 5kg", "お茶の詰め合わせ")
_SAMPLE = 10_000  # rows that the peer is given: its rate is the same for more
_PROCESSES = 3  # times as many rows where processes are compared, so that the start, which only one can do, weighs less


def write_table(file: Path, rows: int) -> None:
    """Rows of people who do not exist: mobile numbers of Japan as tables have them, every order and total its own."""
    with file.open("w", encoding="utf-8") as table:
        table.write("phone,order_id,shipped_on,slot,goods,total\n")
        for number in range(rows):
            digits = f"{number * 7919 % 100_000_000:08}"
            start = f"{'789'[number % 3]}0{1 + number % 9}"
            phone = f"0{start[:2]}-{start[2]}{digits[:3]}-{digits[3:7]}" if number % 2 else f"+81{start}{digits[:7]}"
            day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
            table.write(
                f"{phone},A1B2C{number:07},{day},{_SLOTS[number % 3]},{_GOODS[number % 5]},{number * 37 % 10_000_000}\n"
            )


def run(folder: Path, pnpc: str, rows: int, rounds: int) -> None:
    """Measure and print: the rate, the peer's, two processes, memory, and the flexible kind."""
    spec = folder / "shipment.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    tables = {count: folder / f"{count}.csv" for count in (_SAMPLE, rows // 4, rows, rows * _PROCESSES, rows * 10)}
    for count, file in tables.items():
        write_table(file, count)

    def ours(count: int, jobs: int) -> Timed:
        name = f"pnpc compile --jobs {jobs}"
        output = folder / f"{count}-{jobs}.jsonl"
        return Timed(name, [pnpc, "compile", spec, "--recipients", tables[count], "-o", output, "--jobs", jobs])

    one = ours(rows, 1)
    peer_output = folder / "peer.jsonl"
    peer = Timed(
        "straightforward", [sys.executable, Path(__file__).parent / "straightforward.py", tables[_SAMPLE], peer_output]
    )
    taken: list[float] = []
    ratios: list[float] = []
    for index in range(min(rounds, 3) + 1):
        one.run()
        peer.run()
        if index:  # the first is a warm-up
            taken.append(float(peer.said) / _SAMPLE)
            ratios.append(taken[-1] / (one.seconds[-1] / rows))
    _agree(folder / f"{rows}-1.jsonl", peer_output)
    rate, peers = rows / statistics.median(one.seconds[1:]), 1 / statistics.median(taken)
    print(f"\nCompile, template kind, five variables ({rows:,} rows, start included)")
    print(
        f"  {one.name:24} {rate:8.0f} rows/s  {rows / statistics.median(one.cpu[1:]):8.0f} by processor time  (goal: at least 60,000)"
    )
    print(f"  {peer.name:24} {peers:8.0f} rows/s  ({_SAMPLE:,} rows, start not included)")
    print(f"  pnpc / straightforward   {statistics.median(ratios):8.1f}         (goal: at least 20)")

    single, double = ours(rows * _PROCESSES, 1), ours(rows * _PROCESSES, 2)
    in_turn([single, double], max(2, rounds // 2))
    print(
        f"  --jobs 2 / --jobs 1      {ratio(single, double):8.2f}         (goal: at least 1.7; {rows * _PROCESSES:,} rows)"
    )

    few, many = ours(rows // 4, 1), ours(rows * 10, 1)
    few.run()
    many.run()
    print(
        f"  peak memory              {few.memory:8.0f} MiB for {rows // 4:,} rows, {many.memory:.0f} MiB for {rows * 10:,} (goal: at most 200, the same)"
    )

    _of_parquet(folder, pnpc, spec, tables[rows], rows, ours(rows, 1))

    _of_fill(_SAMPLE)

    flexible = folder / "delay.yaml"
    flexible.write_text(FLEXIBLE, encoding="utf-8")
    flex = Timed(
        "flexible kind",
        [pnpc, "compile", flexible, "--recipients", tables[_SAMPLE], "-o", folder / "f.jsonl", "--jobs", "1"],
    )
    flex.run()
    print(f"  {flex.name:24} {_SAMPLE / flex.seconds[0]:8.0f} rows/s  (each message is judged as a whole)")


def _of_fill(rows: int) -> None:
    """One message after the other, as a web service fills them."""
    import pnpc

    spec = pnpc.load(SPEC)
    orders = [
        {
            "order_id": f"A1B2C{number:07}", "shipped_on": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "slot": _SLOTS[number % 3], "goods": _GOODS[number % 5], "total": number * 37 % 10_000_000,
        }
        for number in range(rows)
    ]  # fmt: skip
    spec.fill(orders[0], recipient="080-0000-1234")  # makes it ready
    began = time.process_time()
    for number, order in enumerate(orders):
        spec.fill(order, recipient=f"080-0000-{number % 10_000:04}", index=number)
    rate = rows / (time.process_time() - began)
    print(f"  pnpc.load(…).fill        {rate:8.0f} messages/s by processor time  (goal: at least 5,000)")


def _of_parquet(folder: Path, pnpc: str, spec: Path, table: Path, rows: int, csv: Timed) -> None:
    """The same rows as Parquet, against the CSV of the same run."""
    from pyarrow import csv as reader
    from pyarrow import parquet, types

    read = reader.read_csv(table, convert_options=reader.ConvertOptions(column_types={"phone": "string"}))
    assert types.is_date32(read.schema.field("shipped_on").type)
    parquet.write_table(read, folder / "r.parquet")
    words = [pnpc, "compile", spec, "--recipients", folder / "r.parquet", "-o", folder / "p.jsonl", "--jobs", "1"]
    ours = Timed("the same as Parquet", words)
    in_turn([csv, ours], 3)
    print(f"  {ours.name:24} {rows / statistics.median(ours.seconds):8.0f} rows/s")
    print(f"  Parquet / CSV            {ratio(csv, ours):8.2f}         (goal: at least 0.7)")


def _agree(ours: Path, theirs: Path) -> None:
    """Both must make the same requests, else there is nothing to compare."""
    with ours.open(encoding="utf-8") as mine, theirs.open(encoding="utf-8") as others:
        for line, other in zip(mine, others, strict=False):
            made, wanted = json.loads(line), json.loads(other)
            assert made["body"] == wanted["body"], (made, wanted)
            assert made["headers"]["X-Line-Delivery-Tag"] == wanted["headers"]["X-Line-Delivery-Tag"]
