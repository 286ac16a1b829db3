package io.deepfm.data.source;

import io.deepfm.config.Located;
import io.deepfm.config.redaction.Redaction;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.schema.Tables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Raw files that a stage reads.
 *
 * @param byName by the name of their table or split
 */
public record RawSources(Map<String, TableSource> byName) {

    /** The interactions, and those of validation and test where they have files of their own. */
    public static RawSources interactions(DatasetDefinition dataset) {
        Map<String, TableSource> sources = new LinkedHashMap<>();
        sources.put(Tables.INTERACTIONS, dataset.interactions());
        dataset.validation().ifPresent(source -> sources.put(Tables.VALIDATION, source));
        dataset.test().ifPresent(source -> sources.put(Tables.TEST, source));
        return new RawSources(sources);
    }

    /** The columns of interactions that must have a value. */
    public static List<String> keys(DatasetDefinition dataset) {
        return Stream.of(dataset.user(), dataset.item())
                .flatMap(Optional::stream)
                .map(Located::text)
                .toList();
    }

    /** Users and items, where they have files of their own. */
    public static RawSources usersAndItems(DatasetDefinition dataset) {
        Map<String, TableSource> sources = new LinkedHashMap<>();
        dataset.users().ifPresent(source -> sources.put(Tables.USERS, source));
        dataset.items().ifPresent(source -> sources.put(Tables.ITEMS, source));
        return new RawSources(sources);
    }

    /** The candidate lists, where they have a file. */
    public static RawSources candidates(DatasetDefinition dataset) {
        Map<String, TableSource> sources = new LinkedHashMap<>();
        dataset.candidates().ifPresent(lists -> sources.put(Tables.CANDIDATES, lists.source()));
        return new RawSources(sources);
    }

    /** These and others. */
    public RawSources and(RawSources others) {
        Map<String, TableSource> sources = new LinkedHashMap<>(byName);
        sources.putAll(others.byName);
        return new RawSources(sources);
    }

    /** How the files are read; where they are does not matter. */
    public Fingerprint settings() {
        Fingerprint settings = new Fingerprint();
        byName.forEach((name, source) -> settings.add(
                name,
                List.of(
                        source.format(),
                        source.delimiterOrDefault(),
                        source.quoteOrDefault(),
                        source.header(),
                        source.multiLine(),
                        source.encoding(),
                        source.columns(),
                        // A new password does not make other rows.
                        Redaction.without(source.options()),
                        source.nullValues(),
                        source.where())));
        return settings;
    }
}
