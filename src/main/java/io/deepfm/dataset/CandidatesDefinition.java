package io.deepfm.dataset;

import io.deepfm.config.Located;
import java.util.List;
import java.util.Optional;

/**
 * The test split's candidate lists as they were published, one row per list.
 *
 * @param source where they are and how they are written
 * @param user Spark SQL over the source's columns: whose list it is; the column that identifies users where not given
 * @param item the held-out item; the column that identifies items where not given
 * @param negatives an array of items; all columns but those of user and item where not given
 */
public record CandidatesDefinition(
        TableSource source, Optional<Located> user, Optional<Located> item, Optional<Located> negatives) {

    /**
     * Whose list it is.
     *
     * @param dataset the dataset
     * @return Spark SQL over the source's columns
     */
    public Located userOr(DatasetDefinition dataset) {
        return user.or(dataset::user).orElseThrow();
    }

    /**
     * The held-out item.
     *
     * @param dataset the dataset
     * @return Spark SQL over the source's columns
     */
    public Located itemOr(DatasetDefinition dataset) {
        return item.or(dataset::item).orElseThrow();
    }

    /**
     * What is read of the source.
     *
     * @return the expressions that are given
     */
    public List<Optional<Located>> expressions() {
        return List.of(user, item, negatives);
    }
}
