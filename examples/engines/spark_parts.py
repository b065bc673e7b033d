"""Parts on Spark: `spark-submit --py-files part.py --files shipped.yaml spark_parts.py parts out`.

One part a task. The rows of a DataFrame have no number: a part is read by its task, which knows the number of its first row.
"""

import sys

from part import compile_part, parts_of
from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("pnpc").getOrCreate()
parts, folder = parts_of(sys.argv[1]), sys.argv[2]
tasks = spark.sparkContext.parallelize(parts, len(parts))
for line in tasks.map(lambda part: compile_part(*part, folder)).collect():
    print(line)
spark.stop()
