import io.deepfm.ml.DeepFm;
import io.deepfm.ml.DeepFmModel;
import java.io.IOException;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Recommends with DeepFM from Java, on the sample data: {@code java -cp SPARK:JAR scripts/examples/Recommend.java FOLDER}. */
public final class Recommend {

    public static void main(String[] args) throws IOException {
        String folder = args[0];
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        Dataset<Row> ratings = spark.read()
                .option("sep", "\t")
                .schema("user INT, item INT, rating DOUBLE, time BIGINT")
                .csv("sample-data/u.data");
        Dataset<Row> users = spark.read()
                .option("sep", "|")
                .schema("user INT, age INT, gender STRING, occupation STRING, zip STRING")
                .csv("sample-data/u.user");
        Dataset<Row>[] parts = ratings.randomSplit(new double[] {0.8, 0.2}, 1);

        DeepFmModel model = new DeepFm()
                .setUserCol("user")
                .setItemCol("item")
                .setLabelCol("rating")
                .setLabelThreshold(4)
                .setTimestampCol("time")
                .setUsers(users.drop("zip"))
                .setConfig("model.heads", "two")
                .setMaxIter(10)
                .setWorkDir(folder + "/work")
                .fit(parts[0]);
        System.out.println(model.summary().validationMetrics());

        Dataset<Row> predicted = model.transform(parts[1]).selectExpr("*", "cast(rating >= 4 as double) as liked");
        double auc = new BinaryClassificationEvaluator().setLabelCol("liked").evaluate(predicted);
        System.out.println("AUC on test: " + auc);

        model.recommendForAllUsers(10).show(3, 100);

        model.write().overwrite().save(folder + "/model");
        DeepFmModel.load(folder + "/model")
                .recommendForUserSubset(users.limit(2), 5)
                .show(false);
        spark.stop();
    }
}
