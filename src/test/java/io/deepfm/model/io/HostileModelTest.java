package io.deepfm.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ai.djl.ndarray.NDManager;
import io.deepfm.Mutations;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.hadoop.conf.Configuration;

/** Damaged models: a clear error, or the model that was stored. */
@Tag("proof")
class HostileModelTest {

    private static final Storage STORAGE = new Storage(new Configuration());
    private static final List<String> FILES = List.of("model.safetensors", "model.json", "schema.json", Checksums.FILE);
    private static final Map<String, byte[]> VALID = new LinkedHashMap<>();

    private static Path folder;

    @BeforeContainer
    static void store() throws IOException {
        folder = Files.createTempDirectory("deepfm-hostile");
        DatasetSchema schema = new DatasetSchema(
                List.of(
                        FieldSchema.sparse("user", FieldGroup.USER, 5, 4),
                        FieldSchema.sequence("tags", FieldGroup.ITEM, 4, 3, 2, Combiner.MEAN),
                        FieldSchema.dense("price", FieldGroup.ITEM, 2)),
                "clicked");
        ModelConfig config = ModelConfig.of(Configurations.defaults(
                "model_name=attention_deepfm",
                "dnn.hidden_units=[3,2]",
                "feature.fm_embed_dim=4",
                "attention.num_heads=2",
                "attention.attention_dim=4"));
        CtrModel model = config.create(schema);
        Files.write(
                folder.resolve("model.safetensors"),
                TensorFile.bytes(model.parameters().initial(1, Initializer.XAVIER_UNIFORM)));
        Files.writeString(folder.resolve("model.json"), config.toJson());
        Files.writeString(folder.resolve("schema.json"), schema.toJson());
        Checksums.write(STORAGE, hadoop());
        for (String file : FILES) {
            VALID.put(file, Files.readAllBytes(folder.resolve(file)));
        }
    }

    @AfterContainer
    static void delete() throws IOException {
        for (String file : FILES) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.delete(folder);
    }

    @Property(tries = 1000)
    void aDamagedFileIsRefusedByItsChecksum(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        String file = FILES.get(random.nextInt(FILES.size()));
        byte[] mutated = mutate(file, random);
        boolean isLoaded = isLoaded();
        if (!file.equals(Checksums.FILE)) {
            assertThat(isLoaded).as(file).isEqualTo(Arrays.equals(mutated, VALID.get(file)));
        }
    }

    @Property(tries = 2000)
    void withoutChecksumsADamagedFileIsRefusedOrAModel(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        mutate(FILES.get(random.nextInt(FILES.size() - 1)), random);
        Files.delete(folder.resolve(Checksums.FILE));
        isLoaded();
    }

    private static byte[] mutate(String file, Random random) throws IOException {
        for (Map.Entry<String, byte[]> valid : VALID.entrySet()) {
            Files.write(folder.resolve(valid.getKey()), valid.getValue());
        }
        byte[] mutated = Mutations.of(VALID.get(file), random);
        Files.write(folder.resolve(file), mutated);
        return mutated;
    }

    private static boolean isLoaded() {
        return assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            try (NDManager manager = NDManager.newBaseManager()) {
                return SavedModel.read(STORAGE, hadoop())
                                .load(manager)
                                .parameters()
                                .all()
                                .size()
                        > 0;
            } catch (DataException e) {
                assertThat(e).hasMessageContaining(folder.toString());
                return false;
            }
        });
    }

    private static org.apache.hadoop.fs.Path hadoop() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }
}
