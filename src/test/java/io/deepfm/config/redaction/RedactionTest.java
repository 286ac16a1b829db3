package io.deepfm.config.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.ConfigLoader;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Located;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.job.Configurations;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cannot open s3a://AKIA:hunter2@bucket/data: no such file",
                "Cannot open https://hunter2@host/archive.zip",
                "jdbc:postgresql://db/clicks?user=me&password=hunter2&ssl=true",
                "jdbc:sqlserver://db;user=me;password=hunter2;",
                "--override dataset.interactions.options.password=hunter2: unknown key",
                "{\"user\":\"me\",\"password\":\"hunter2\"}",
                "{\"password\":\"hunter2 and \\\"more\\\" hunter2\"}",
                "fs.s3a.secret.key = hunter2",
                "FS.S3A.ACCESS.KEY: 'hunter2'",
                "fs.azure.account.key.mine.dfs.core.windows.net=hunter2",
                "AWS_SESSION_TOKEN=hunter2 deepfm train",
                "jdbc:oracle:thin:scott/hunter2@//db:1521/orcl",
                "url=\"jdbc:oracle:oci8:scott/hunt/hunter2@tns\"",
                "{\"url\":\"jdbc:oracle:thin:scott/\\\"hunter2@x/hunter2\\\"@db:1521:orcl\"}",
                "es.net.http.auth.pass = hunter2",
                "--option pass=hunter2",
                "keystorePass=hunter2",
                "jdbc:db2://db/clicks;uid=me;pwd=hunter2;",
                "line 1\nparquet.encryption.key.list=hunter2\nline 3",
            })
    void aSecretIsHiddenAndTheRestStays(String text) {
        assertThat(Redaction.of(text)).doesNotContain("hunter2").contains(Redaction.HIDDEN);
        assertThat(Redaction.of(text).lines().count()).isEqualTo(text.lines().count());
        assertThat(logged(text)).isEqualTo(Redaction.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/data/u.data:3: has 3 columns instead of 4",
                "hdfs://namenode:9000/user/me@work/out",
                "spark://host:7077",
                "Unrecognized token 'abc': was expecting (JSON String, Number)",
                "column token is empty",
                "tokens_per_second 17, a@b.example",
                "passes = 3, bypass=true, compass: north, passenger_count=2, byPasses=1",
                "jdbc:oracle:thin:@//db:1521/orcl?note=a@b",
                "jdbc:oracle:thin:scott@//db:1521/orcl",
                "",
            })
    void whatIsNoSecretStays(String text) {
        assertThat(Redaction.of(text)).isEqualTo(text);
        assertThat(logged(text)).isEqualTo(text);
    }

    @Test
    void aSettingIsHiddenByItsName() {
        assertThat(Redaction.of("dataset.items.options.apiToken", "hunter2")).isEqualTo(Redaction.HIDDEN);
        assertThat(Redaction.without(Map.of(
                        "es.net.http.auth.pass",
                        "hunter2",
                        "dbPwd",
                        "hunter2",
                        "passes",
                        "3",
                        "url",
                        "jdbc:oracle:thin:a/b@c")))
                .isEqualTo(Map.of("passes", "3"));
        assertThat(Redaction.of("training.lr", "0.1")).isEqualTo("0.1");
    }

    @Test
    void storedSettingsHoldNoSecretAndExpressionsAsTheyAre() {
        String expression = "if(token = 'a', 'http://x:y@z', split(url, 'http://[a-z]+@')[1])";
        ExperimentConfig config = Configurations.defaults(
                "output_dir=ftp://me:hunter2@host/out",
                "dataset={interactions {path = \"ftp://me:hunter2@host/in\", format = mongodb, options {password = hunter2, "
                        + "url = \"jdbc:x?password=hunter2\", lineSep = \"|\"}}, features = "
                        + "[{name = a, type = sparse, expression = \"\"\"" + expression + "\"\"\"}]}");
        String json = ConfigLoader.toJson(config);
        assertThat(json).doesNotContain("hunter2").contains("ftp://(redacted)@host/out", "ftp://(redacted)@host/in");
        DatasetDefinition stored = DatasetDefinition.fromJson(
                ConfigLoader.toJson(config.sections().get(DatasetDefinition.class)), "dataset.json");
        assertThat(stored.interactions().options()).isEqualTo(Map.of("lineSep", Located.of("|")));
        assertThat(stored.features().get(0).expression().orElseThrow().text()).isEqualTo(expression);
    }

    private static String logged(String text) {
        try (LoggerContext context = new LoggerContext("test")) {
            PatternLayout layout = PatternLayout.newBuilder()
                    .withConfiguration(context.getConfiguration())
                    .withPattern(Redaction.logPattern("%m"))
                    .build();
            return layout.toSerializable(Log4jLogEvent.newBuilder()
                    .setLevel(Level.WARN)
                    .setMessage(new SimpleMessage(text))
                    .build());
        }
    }
}
