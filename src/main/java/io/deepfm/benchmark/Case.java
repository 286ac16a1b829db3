package io.deepfm.benchmark;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.schema.DatasetSchema;
import java.util.function.Supplier;

/**
 * Something to measure, in several runs.
 *
 * @param what what is measured
 * @param model the model's name; null where none takes part
 * @param hashBuckets of the field whose vocabulary is varied; null elsewhere
 * @param config the model and how it is trained
 * @param schema the fields
 * @param work makes the work of one run, which frees all it took when it is closed
 */
record Case(
        What what,
        String model,
        Integer hashBuckets,
        ExperimentConfig config,
        DatasetSchema schema,
        Supplier<Work> work) {}
