package io.deepfm.data.split;

import io.deepfm.config.Extension;
import io.deepfm.config.Registry;
import io.deepfm.dataset.DatasetDefinition;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How each interaction is assigned to train, validation or test, chosen by {@code data.split_strategy}.
 *
 * @param <S> the settings it reads
 */
public interface SplitStrategy<S extends Record> extends Extension<S> {

    /** Which interactions are held out. */
    enum HeldOut {
        /** From one time on, which is the same for all users. */
        FROM_ONE_TIME,
        /** From a time on that each user has. */
        FROM_A_TIME_OF_EACH_USER,
        /** Some, whatever their time. */
        ANY_TIME
    }

    /**
     * What the strategy needs of a dataset and the dataset does not have.
     *
     * @param dataset the dataset
     * @return the keys of the section {@code dataset}, such as {@code time}
     */
    Optional<String> missing(DatasetDefinition dataset);

    /**
     * The settings on which the split depends: the split is made anew where one of them has changed, and only then.
     *
     * @param settings the settings
     * @return values by name
     */
    Map<String, Object> parameters(S settings);

    /**
     * Assigns the interactions. The result must be a function of the rows alone, however they are spread.
     *
     * @param interactions with the columns of {@link io.deepfm.schema.Tables}: {@code interaction}, the row's place in the raw
     *     files, and where the dataset has them {@code user_index}, {@code item_index}, {@code time}
     * @param settings the settings
     * @return for each row {@code train}, {@code validation} or {@code test}
     */
    Column split(Dataset<Row> interactions, S settings);

    /**
     * Which interactions are held out, so that what is later than these is not learned from where time matters.
     *
     * @param settings the settings
     * @return of each user the latest, unless a strategy says otherwise
     */
    default HeldOut heldOut(S settings) {
        return HeldOut.FROM_A_TIME_OF_EACH_USER;
    }

    /**
     * Why a split may have come out empty.
     *
     * @param settings the settings
     * @return follows "The test split is empty"
     */
    default String whyEmpty(S settings) {
        return ". There are too few interactions.";
    }

    /**
     * The strategies on the classpath.
     *
     * @return by name
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Registry<SplitStrategy<?>> registry() {
        return new Registry("data.split_strategy", SplitStrategy.class);
    }
}
