package io.deepfm.job;

import io.deepfm.config.DataConfig;
import io.deepfm.data.CheckStage;
import io.deepfm.data.EncodeStage;
import io.deepfm.data.IngestStage;
import io.deepfm.data.SplitStage;
import io.deepfm.data.TablesStage;
import io.deepfm.data.encode.ConstantFeatures;
import io.deepfm.data.keys.KeyTable;
import io.deepfm.data.keys.UnlistedKeys;
import io.deepfm.data.profile.DatasetProfile;
import io.deepfm.data.quarantine.Quarantine;
import io.deepfm.data.read.LeftOut;
import io.deepfm.data.read.TableReader;
import io.deepfm.data.sample.CandidateStage;
import io.deepfm.data.sample.EpochSampler;
import io.deepfm.data.sample.SampleStage;
import io.deepfm.data.source.RawFiles;
import io.deepfm.data.source.RawSources;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.Datasets;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * Raw files to candidates and shards. A step runs those before it first, as far as they are not up to date.
 *
 * <p>Where the raw files are on another machine and the encoded tables are here, the steps after encoding go on from these.
 */
public final class DataJob {

    /** From this share of the interactions on, keys without a row look like those of another table. */
    private static final double MANY_UNLISTED = 0.5;

    private final Session session;
    /** The features whose being left out has been told, and the other warnings. */
    private final Set<String> warned = new HashSet<>();

    public DataJob(Session session) {
        this.session = session;
    }

    /**
     * Raw files to encoded tables, and what these hold.
     *
     * @return a profile of the dataset
     */
    public DatasetProfile describe() {
        encode();
        return DatasetProfile.of(session.spark(), session.work(), session.encodedDataset());
    }

    /** Downloads the raw files. */
    public void download() {
        Path folder = new Path(session.config().data().dataDir());
        long start = System.nanoTime();
        Datasets.download(session.config(), session.storage());
        session.stages().finished("download", "into " + folder, (System.nanoTime() - start) / 1e9, false);
    }

    private void downloadIfMissing() {
        DataConfig data = session.config().data();
        if (data.autoDownload() && !session.storage().exists(new Path(data.dataDir()))) {
            download();
        }
    }

    /** Raw files to tables; the description is checked first, and what comes with the interactions is apart. */
    public void ingest() {
        downloadIfMissing();
        DataConfig data = session.config().data();
        double maxBadRows = data.maxBadRows();
        // One for all stages, so that what it has found out of the files serves the next one too.
        TableReader reader = new TableReader(session.spark(), session.storage());
        RawFiles files = new RawFiles(session.spark(), session.storage(), data.rawDigest());
        run(
                new CheckStage(session.spark(), reader, files, session.dataset()),
                rows -> count(rows, "features", "features") + " match the raw files");
        reportConstantFeatures("check", "ingest");
        reportHeaders(reader);
        run(
                new TablesStage(reader, session.work(), session.dataset(), maxBadRows),
                rows -> rows.outputs().isEmpty()
                        ? "no user or item files"
                        : Stream.of(Tables.USERS, Tables.ITEMS)
                                .filter(rows.outputs()::contains)
                                .map(table -> count(rows, table, table))
                                .collect(Collectors.joining(", ")));
        run(
                new IngestStage(session.spark(), reader, session.work(), session.dataset(), data),
                rows -> session.dataset().hasUsersAndItems()
                        ? count(rows, Tables.INTERACTIONS, "interactions")
                                + " of " + count(rows, Tables.USERS, "users")
                                + " and " + count(rows, Tables.ITEMS, "items")
                        : count(rows, Tables.INTERACTIONS, "interactions"));
        reportMissingRows();
        reportUnlisted();
    }

    /** Before rows are taken over, as a header among them is what then stops the run. */
    private void reportHeaders(TableReader reader) {
        DatasetDefinition dataset = session.dataset();
        RawSources.interactions(dataset)
                .and(RawSources.usersAndItems(dataset))
                .and(RawSources.candidates(dataset))
                .byName()
                .values()
                .forEach(source -> reader.headerWarning(source)
                        .filter(warned::add)
                        .ifPresent(warning -> session.listener().onDetail("warning: " + warning)));
    }

    /** Rows that are in no result are reported even if it was an earlier run that left them out. */
    private void reportMissingRows() {
        for (String stage : List.of("tables", "ingest")) {
            session.work().require(stage, "ingest").rows().forEach((name, rows) -> {
                if (name.startsWith(LeftOut.PREFIX)) {
                    session.listener()
                            .onDetail(String.format(
                                    Locale.ROOT,
                                    "%,d rows of %s",
                                    rows,
                                    name.substring(LeftOut.PREFIX.length()).replaceFirst("[.]", " left out by ")));
                }
                if (name.startsWith(Quarantine.PREFIX)) {
                    session.listener()
                            .onDetail(String.format(
                                    Locale.ROOT,
                                    "quarantined: %,d rows of %s; see %s",
                                    rows,
                                    name.substring(Quarantine.PREFIX.length()).replaceFirst("[.]", ", "),
                                    session.work().path(Quarantine.FOLDER)));
                }
            });
        }
    }

    /** Users and items of which nothing but the key is known. */
    private void reportUnlisted() {
        Manifest rows = session.work().require("ingest", "ingest");
        for (KeyTable keys : List.of(KeyTable.users(session.dataset()), KeyTable.items(session.dataset()))) {
            String table = keys.name();
            if (rows.rows().containsKey(UnlistedKeys.count(table))) {
                double share = rows.rows(UnlistedKeys.interactions(table)) / (double) rows.rows(Tables.INTERACTIONS);
                session.listener()
                        .onDetail(String.format(
                                Locale.ROOT,
                                "%s%,d of %,d %s, with %.1f %% of the interactions, have no row in %s: only their keys are"
                                        + " known",
                                share < MANY_UNLISTED ? "" : "warning: ",
                                rows.rows(UnlistedKeys.count(table)),
                                rows.rows(table),
                                table,
                                100 * share,
                                keys.fileName()));
            }
        }
    }

    /** Raw files to the split's three tables. */
    public void split() {
        ingest();
        run(
                new SplitStage(session.spark(), session.work(), session.config(), session.dataset()),
                rows -> Tables.SPLITS.stream()
                        .map(split -> String.format(
                                Locale.ROOT,
                                "%s %,d (%,d positive)",
                                split,
                                rows.rows(split),
                                rows.rows(split + "_positive")))
                        .collect(Collectors.joining(
                                ", ",
                                "",
                                rows.rows().containsKey(SplitStage.REPEATS)
                                        ? ", and " + count(rows, SplitStage.REPEATS, "repeats as weights of these")
                                        : "")));
    }

    /** Raw files to encoded tables. */
    public void encode() {
        split();
        run(new EncodeStage(session.spark(), session.work(), session.dataset()), rows -> rows.rows().keySet().stream()
                .filter(name -> name.startsWith("vocabulary."))
                .map(name -> name.substring("vocabulary.".length()) + " " + rows.rows(name))
                .collect(Collectors.joining(", ", "vocabulary sizes in train: ", "")));
        reportConstantFeatures("encode", "encode");
    }

    /** What the model lacks is told by each command that prepares its data, once. */
    private void reportConstantFeatures(String stage, String command) {
        ConstantFeatures.of(session.work().require(stage, command))
                .warnings(session.dataset())
                .forEach((feature, warning) -> {
                    if (warned.add(feature)) {
                        session.listener().onDetail(warning);
                    }
                });
    }

    /** Raw files to encoded tables and candidate lists. */
    public void candidates() {
        if (isPreparedElsewhere()) {
            requireSameSettings();
            session.listener()
                    .onDetail(session.dataset().interactions().path() + " is not here: going on with the tables in "
                            + session.config().workDir());
        } else {
            encode();
        }
        run(
                new CandidateStage(
                        session.spark(),
                        new TableReader(session.spark(), session.storage()),
                        session.work(),
                        session.config(),
                        session.dataset()),
                this::candidates);
    }

    private void requireSameSettings() {
        TableReader reader = new TableReader(session.spark(), session.storage());
        DataConfig data = session.config().data();
        for (Stage stage : List.of(
                new IngestStage(session.spark(), reader, session.work(), session.dataset(), data),
                new SplitStage(session.spark(), session.work(), session.config(), session.dataset()),
                new EncodeStage(session.spark(), session.work(), session.dataset()))) {
            Manifest made = session.work().require(stage.name(), "encode");
            if (!stage.fingerprint(made.inputs()).equals(made.fingerprint())) {
                throw new DataException(session.dataset().interactions().path() + " is not here, and " + stage.name()
                        + " in " + session.config().workDir()
                        + " was made with other settings or by another version of the program. Bring the raw files, or use"
                        + " the settings that it was made with.");
            }
        }
    }

    private boolean isPreparedElsewhere() {
        Path interactions = new Path(session.dataset().interactions().path().text());
        return session.work().manifest("encode").isPresent()
                && !session.config().data().autoDownload()
                && session.storage().matching(interactions).isEmpty();
    }

    private String candidates(Manifest rows) {
        if (!session.dataset().hasUsersAndItems()) {
            return "none: without users and items, the held-out rows themselves are scored";
        }
        String sampled = "1 + " + session.config().data().numNegEval().replace("all", "all unseen")
                + " items for each of " + count(rows, Tables.VALIDATION, "validation");
        return session.dataset().candidates().isEmpty()
                ? sampled + " and " + count(rows, Tables.TEST, "test interactions")
                : sampled + " interactions; " + count(rows, Tables.TEST, "test lists of the dataset's own, ")
                        + count(rows, CandidateStage.OWN_ITEM, "less their own item as a negative");
    }

    /**
     * Writes the shards of some epochs, after the candidate lists.
     *
     * @param first the first epoch, counted from 1
     * @param last the last
     */
    public void sample(int first, int last) {
        candidates();
        EpochSampler sampler = epochSampler();
        int perJob = sampler.epochsPerJob();
        for (int from = first; from <= last; from += perJob) {
            session.stages()
                    .run(
                            "sample",
                            session.epochs(),
                            IntStream.rangeClosed(from, Math.min(last, from + perJob - 1))
                                    .mapToObj(this::epochStage)
                                    .toList(),
                            sampler::run,
                            rows -> count(rows, "rows", "rows") + " in " + count(rows, "shards", "shards"));
        }
    }

    EpochSampler epochSampler() {
        return new EpochSampler(session.spark(), session.work(), session.config());
    }

    SampleStage epochStage(int epoch) {
        return new SampleStage(session.spark(), session.work(), session.config(), epoch);
    }

    private void run(Stage stage, Function<Manifest, String> summary) {
        session.stages().run(session.work(), stage, summary);
    }

    private static String count(Manifest manifest, String name, String noun) {
        return String.format(Locale.ROOT, "%,d %s", manifest.rows(name), noun);
    }
}
