package io.deepfm.config;

/**
 * What can be added to the program as one class: a model's architecture, a loss, a metric, a split strategy, an optimizer.
 *
 * <p>Each of these kinds is an interface below this one. An implementation has a public constructor without arguments, is
 * named in the file {@code META-INF/services/} + the interface's full name of a jar on the classpath, and is found by {@link
 * java.util.ServiceLoader}; a configuration chooses it by its name.
 *
 * @param <S> the settings it reads
 */
public interface Extension<S extends Record> {

    /**
     * The value of the setting that chooses this.
     *
     * @return a short name in lower case, such as {@code adam}
     */
    String name();

    /**
     * The settings it reads: a record whose components are sections of the configuration, each a record. A component {@code
     * training} is the section {@code training}, which every configuration has; an extension's own section has the extension's name, and its keys have their defaults from {@link Default} or a {@code reference.conf} in the same jar.
     *
     * @return such as {@code Settings.class} for {@code record Settings(TrainingConfig training, LionConfig lion)}
     */
    Class<S> settings();

    /** The settings of an extension without any. */
    record NoSettings() {}
}
