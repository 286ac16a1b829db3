package io.deepfm.data;

import static io.deepfm.data.TableSource.ColumnType.DOUBLE;
import static io.deepfm.data.TableSource.ColumnType.LONG;
import static io.deepfm.data.TableSource.ColumnType.OPTIONAL_TEXT;
import static io.deepfm.data.TableSource.ColumnType.TEXT;

import io.deepfm.config.DataConfig;
import io.deepfm.data.TableSource.Column;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.FieldGroup;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * MovieLens-100K in its own file format: {@code u.data}, {@code u.user}, {@code u.item}.
 *
 * @see <a href="https://grouplens.org/datasets/movielens/100k/">the dataset's page</a>
 */
public final class MovieLens100k implements DatasetAdapter {

    private static final List<String> GENRES = List.of(
            "unknown",
            "action",
            "adventure",
            "animation",
            "childrens",
            "comedy",
            "crime",
            "documentary",
            "drama",
            "fantasy",
            "film_noir",
            "horror",
            "musical",
            "mystery",
            "romance",
            "sci_fi",
            "thriller",
            "war",
            "western");

    @Override
    public String name() {
        return "movielens-100k";
    }

    @Override
    public DatasetDefinition definition(DataConfig config) {
        return new DatasetDefinition(
                new TableSource(file(config, "u.data"), "\t", "UTF-8", ratingColumns()),
                new TableSource(file(config, "u.user"), "|", "UTF-8", userColumns()),
                new TableSource(file(config, "u.item"), "|", "ISO-8859-1", itemColumns()),
                "user_id",
                "movie_id",
                "timestamp",
                "label",
                "rating >= " + config.labelThreshold(),
                List.of(
                        FeatureDefinition.sparse("user_id", FieldGroup.USER, "user_id", 16),
                        FeatureDefinition.sparse("gender", FieldGroup.USER, "gender", 4),
                        FeatureDefinition.sparse(
                                "age",
                                FieldGroup.USER,
                                "element_at(filter(array(1, 18, 25, 35, 45, 50, 56), bound -> bound <= age), -1)",
                                4),
                        FeatureDefinition.sparse("occupation", FieldGroup.USER, "occupation", 8),
                        FeatureDefinition.sparse("zip_prefix", FieldGroup.USER, "substring(zip_code, 1, 3)", 8),
                        FeatureDefinition.sparse("movie_id", FieldGroup.ITEM, "movie_id", 16),
                        FeatureDefinition.sequence("genres", FieldGroup.ITEM, genres(), 8, 6, Combiner.MEAN)));
    }

    @Override
    public void download(DataConfig config, Storage storage) {
        MovieLensDownload.standard().into(new Path(config.dataDir()), storage);
    }

    private static String file(DataConfig config, String name) {
        return config.dataDir() + "/" + name;
    }

    private static List<Column> ratingColumns() {
        return List.of(
                new Column("user_id", LONG),
                new Column("movie_id", LONG),
                new Column("rating", DOUBLE),
                new Column("timestamp", LONG));
    }

    private static List<Column> userColumns() {
        return List.of(
                new Column("user_id", LONG),
                new Column("age", LONG),
                new Column("gender", TEXT),
                new Column("occupation", TEXT),
                new Column("zip_code", TEXT));
    }

    private static List<Column> itemColumns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("movie_id", LONG));
        columns.add(new Column("title", TEXT));
        columns.addAll(TableSource.columns(OPTIONAL_TEXT, "release_date", "video_release_date", "imdb_url"));
        GENRES.forEach(genre -> columns.add(new Column(genre, LONG)));
        return columns;
    }

    /** The names of the genres whose flag is set. */
    private static String genres() {
        return GENRES.stream()
                .map(genre -> "if(" + genre + " = 1, '" + genre + "', null)")
                .collect(Collectors.joining(", ", "filter(array(", "), genre -> genre is not null)"));
    }
}
