package io.deepfm;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.deepfm.training.EpochResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may know which package and which library. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.deepfm");

    private static final String[] BELOW_THE_JOBS = {"model", "metrics", "storage", "schema", "config"};

    /** What each package may use of our own ones. */
    private static final Map<String, String[]> MAY_USE = Map.of(
            "cli",
                    new String[] {
                        "report", "scoring", "training", "data", "model", "metrics", "storage", "schema", "config"
                    },
            // Of training an epoch's result only, see below.
            "report", new String[] {"training", "model", "metrics", "storage", "schema", "config"},
            // Both run on Spark.
            "scoring", new String[] {"data", "model", "metrics", "storage", "schema", "config"},
            "training", BELOW_THE_JOBS,
            "data", BELOW_THE_JOBS,
            "model", new String[] {"storage", "schema", "config"},
            "metrics", new String[] {"storage", "schema", "config"},
            "storage", new String[] {"schema", "config"},
            "schema", new String[0],
            "config", new String[] {"schema"});

    @Test
    void dependenciesPointFromTheCommandsDownToTheSettings() {
        LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : MAY_USE.keySet()) {
            architecture = architecture.layer(name).definedBy(packageOf(name));
        }
        for (Map.Entry<String, String[]> rule : MAY_USE.entrySet()) {
            architecture = rule.getValue().length == 0
                    ? architecture.whereLayer(rule.getKey()).mayNotAccessAnyLayer()
                    : architecture.whereLayer(rule.getKey()).mayOnlyAccessLayers(rule.getValue());
        }
        architecture.ensureAllClassesAreContainedInArchitecture().check(CLASSES);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.deepfm.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void reportsKnowNothingOfTrainingButAnEpochsResult() {
        noClasses()
                .that()
                .resideInAPackage(packageOf("report"))
                .should()
                .dependOnClassesThat(resideInAPackage(packageOf("training")).and(not(equivalentTo(EpochResult.class))))
                .check(CLASSES);
    }

    @Test
    void onlyDataScoringAndTheCommandsUseSpark() {
        onlyIn(List.of("data", "scoring", "cli"), "org.apache.spark..", "scala..");
    }

    @Test
    void onlyModelsTrainingScoringAndTheCommandsUseDjl() {
        onlyIn(List.of("model", "training", "scoring", "cli"), "ai.djl..");
    }

    @Test
    void onlyConfigReadsHocon() {
        onlyIn(List.of("config"), "com.typesafe..");
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics", "schema", "config"})
    void metricsSchemaAndConfigArePlainJava(String name) {
        noClasses()
                .that()
                .resideInAPackage(packageOf(name))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache..", "ai.djl..", "scala..", "picocli..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandsPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("cli"))
                .should(ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandsEndTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("cli"))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    @Test
    void noFieldOfADatasetIsNamedOutsideItsAdapter() throws IOException {
        List<String> found = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            if (!type.getSimpleName().startsWith("MovieLens")) {
                String constants = content(type);
                for (String field : List.of("user_id", "movie_id", "gender", "occupation", "zip_", "genre")) {
                    if (constants.contains(field)) {
                        found.add(type.getName() + ": " + field);
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static void onlyIn(List<String> packages, String... libraries) {
        String[] users = packages.stream().map(ArchitectureTest::packageOf).toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(users)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .check(CLASSES);
    }

    private static String packageOf(String name) {
        return "io.deepfm." + name + "..";
    }

    /** A class file holds its texts and names as they are. */
    private static String content(JavaClass type) throws IOException {
        try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
