"""Recommends with DeepFM from PySpark, on the sample data.

Run it with PySpark and the package deepfm_spark installed:

    python scripts/examples/recommend.py JAR FOLDER
"""

import sys

from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.sql import SparkSession

from deepfm_spark import DeepFm, DeepFmModel

jar, folder = sys.argv[1:3]
spark = SparkSession.builder.master("local[*]").config("spark.jars", jar).getOrCreate()

ratings = spark.read.csv("sample-data/u.data", sep="\t", schema="user INT, item INT, rating DOUBLE, time BIGINT")
users = spark.read.csv("sample-data/u.user", sep="|", schema="user INT, age INT, gender STRING, occupation STRING, zip STRING")
train, test = ratings.randomSplit([0.8, 0.2], seed=1)

model = (
    DeepFm(userCol="user", itemCol="item", labelCol="rating", labelThreshold=4.0, timestampCol="time", maxIter=10)
    .setUsers(users.drop("zip"))
    .setConfig("model.heads", "two")
    .setWorkDir(folder + "/work")
    .fit(train)
)
print(model.summary["validationMetrics"])

predicted = model.transform(test).selectExpr("*", "cast(rating >= 4 as double) as liked")
print("AUC on test:", BinaryClassificationEvaluator(labelCol="liked").evaluate(predicted))

model.recommendForAllUsers(10).show(3, truncate=100)

model.write().overwrite().save(folder + "/model")
DeepFmModel.load(folder + "/model").recommendForUserSubset(users.limit(2), 5).show(truncate=False)
spark.stop()
