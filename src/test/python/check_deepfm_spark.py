"""Uses the estimator from Python as a notebook does; scripts/check_python runs it: python check_deepfm_spark.py JAR FOLDER."""

import sys

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import SQLTransformer
from pyspark.ml.tuning import ParamGridBuilder, TrainValidationSplit
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, lit

from deepfm_spark import DeepFm, DeepFmModel

jar, folder = sys.argv[1:3]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", jar)
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .getOrCreate()
)
ratings = spark.read.csv("sample-data/u.data", sep="\t", schema="user INT, item INT, rating DOUBLE, time BIGINT")
rated = ratings.withColumn("liked", (col("rating") >= 4).cast("double")).drop("rating").coalesce(1)
users = spark.read.csv("sample-data/u.user", sep="|", schema="user INT, age INT, gender STRING, job STRING, zip STRING")


def estimator(name, **more):
    return DeepFm(
        userCol="user", itemCol="item", labelCol="liked", timestampCol="time", maxIter=1, workDir=folder + "/" + name, **more
    ).setUsers(users.drop("zip"))


def probabilities(predicted):
    return {(row.user, row.item): row.probability[1] for row in predicted.collect()}


# Parameters.
first = estimator("fit", config={"training.num_threads": 1, "training.ema_decay": 0.5})
assert first.getConfig() == ["training.num_threads=1", "training.ema_decay=0.5"]
assert first.getStepSize() == 0.001 and first.getMaxIter() == 1
assert "stepSize: the learning rate" in first.explainParams()
assert first.copy({first.stepSize: 0.5}).getStepSize() == 0.5

# Fit, predict, recommend.
model = first.fit(rated)
assert isinstance(model, DeepFmModel) and model.getUserCol() == "user"
predicted = model.transform(rated)
assert predicted.columns == rated.columns + ["rawPrediction", "probability", "prediction"]
assert predicted.count() == rated.count()
assert "item" in model.summary["featureImportances"]
assert model.summary["bestEpoch"] == 1 and len(model.summary["objectiveHistory"]) == 1
best = model.recommendForAllUsers(5)
assert best.schema.simpleString() == "struct<user:int,recommendations:array<struct<item:int,rating:float>>>"
assert all(len(row.recommendations) == 5 for row in best.collect())
assert model.recommendForAllItems(3).columns == ["item", "recommendations"]
assert model.recommendForUserSubset(users.limit(7), 2).count() == 7
seed = first.copy({first.seed: 43}).fit(rated)
assert probabilities(seed.transform(rated.limit(50))) != probabilities(model.transform(rated.limit(50)))

# Save and load.
model.write().overwrite().save(folder + "/model")
loaded = DeepFmModel.load(folder + "/model")
assert loaded.uid == model.uid
assert probabilities(loaded.transform(rated.limit(50))) == probabilities(model.transform(rated.limit(50)))
first.write().overwrite().save(folder + "/estimator")
assert DeepFm.load(folder + "/estimator").getConfig() == first.getConfig()

# Pipelines.
half = SQLTransformer(statement="SELECT * FROM __THIS__ WHERE item <= 300")
fitted = Pipeline(stages=[half, estimator("pipeline")]).fit(rated)
fitted.write().overwrite().save(folder + "/pipeline-model")
again = PipelineModel.load(folder + "/pipeline-model")
assert isinstance(again.stages[1], DeepFmModel)
assert probabilities(again.transform(rated.limit(50))) == probabilities(fitted.transform(rated.limit(50)))

# A search for settings.
grid_estimator = estimator("grid")
grid = ParamGridBuilder().addGrid(grid_estimator.stepSize, [1e-4, 1e-2]).build()
search = TrainValidationSplit(
    estimator=grid_estimator,
    estimatorParamMaps=grid,
    evaluator=BinaryClassificationEvaluator(labelCol="liked"),
    seed=1,
).fit(rated)
assert len(set(search.validationMetrics)) == 2
assert isinstance(search.bestModel, DeepFmModel)

# Errors name column and types.
try:
    model.transform(rated.withColumn("item", lit("a")))
    raise AssertionError("no error")
except Exception as error:  # noqa: BLE001
    assert "Column item is of type string, wanted is int" in str(error), error

print("deepfm_spark works")
spark.stop()
