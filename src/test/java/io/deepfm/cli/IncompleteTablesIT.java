package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Households of which twelve in fifteen tell nothing of themselves, from raw files to predictions and recommendations. */
class IncompleteTablesIT {

    @TempDir
    private Path folder;

    @Test
    void unlistedUsersAreTrainedScoredPredictedAndRecommendedTo() throws IOException {
        OwnDatasets own = new OwnDatasets(folder);
        Path config = own.households();

        CommandRun pipeline = OwnDatasets.command("pipeline", config);
        assertThat(pipeline.err()).isEmpty();
        assertThat(pipeline.exitCode()).isZero();
        assertThat(pipeline.out())
                .contains(
                        "warning: 12 of 15 users, with 80.0 % of the interactions, have no row in households.csv",
                        "8 of 38 items, with ");
        JsonNode results =
                new ObjectMapper().readTree(folder.resolve("run/results.json").toFile());
        assertThat(results.at("/data/ingest/users").asInt()).isEqualTo(15);
        assertThat(results.at("/data/ingest/unlisted.users").asInt()).isEqualTo(12);
        assertThat(results.at("/test_metrics/users_ranked").asInt(15)).isEqualTo(15);
        assertThat(ParquetRows.of(folder.resolve("run/rankings/test"))).hasSize(15);

        assertThat(OwnDatasets.command("describe", config).out())
                .containsPattern("age +sparse +user .* 80[.]0 +80[.]0 +80[.]0");

        // h9 is a household that trained, h99 one that nobody has heard of.
        Path input = Files.writeString(folder.resolve("new.csv"), "h9,p1,1,web\nh99,p1,1,web\n");
        CommandRun predict = OwnDatasets.command(
                "predict",
                config,
                "--input",
                input.toString(),
                "--output",
                folder.resolve("predictions").toString());
        assertThat(predict.err()).isEmpty();
        List<Row> rows = ParquetRows.of(folder.resolve("predictions"));
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).<Double>getAs("probability"))
                .isNotEqualTo(rows.get(1).<Double>getAs("probability"));

        CommandRun recommend = OwnDatasets.command(
                "recommend", config, "--output", folder.resolve("top").toString());
        assertThat(recommend.err()).isEmpty();
        Set<String> seen = new HashSet<>();
        Files.readAllLines(folder.resolve("purchases.csv"))
                .forEach(line -> seen.add(line.split(",")[0] + line.split(",")[1]));
        List<Row> top = ParquetRows.of(folder.resolve("top"));
        assertThat(top).extracting(row -> row.getString(0)).contains("h0", "h9", "h14");
        assertThat(top).noneMatch(row -> seen.contains(row.getString(0) + row.getString(1)));
    }
}
