// Recommends with DeepFM from Spark's shell, on the sample data:
//
//     spark-shell --jars JAR -I scripts/examples/recommend.scala --conf spark.deepfm.folder=FOLDER

import io.deepfm.ml.{DeepFm, DeepFmModel}
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator

val folder = spark.conf.get("spark.deepfm.folder")
val ratings = spark.read.
  option("sep", "\t").
  schema("user INT, item INT, rating DOUBLE, time BIGINT").
  csv("sample-data/u.data")
val users = spark.read.
  option("sep", "|").
  schema("user INT, age INT, gender STRING, occupation STRING, zip STRING").
  csv("sample-data/u.user")
val Array(train, test) = ratings.randomSplit(Array(0.8, 0.2), 1)

val model = new DeepFm().
  setUserCol("user").
  setItemCol("item").
  setLabelCol("rating").
  setLabelThreshold(4).
  setTimestampCol("time").
  setUsers(users.drop("zip")).
  setConfig("model.heads", "two").
  setMaxIter(10).
  setWorkDir(folder + "/work").
  fit(train)
println(model.summary.validationMetrics)

val predicted = model.transform(test).selectExpr("*", "cast(rating >= 4 as double) as liked")
println("AUC on test: " + new BinaryClassificationEvaluator().setLabelCol("liked").evaluate(predicted))

model.recommendForAllUsers(10).show(3, 100)

model.write.overwrite().save(folder + "/model")
DeepFmModel.load(folder + "/model").recommendForUserSubset(users.limit(2), 5).show(false)
System.exit(0)
