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
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.deepfm.training.EpochResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may know which package and which library. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("io.deepfm");

    /** The rooms from top to bottom: each may use those below it, unless {@link #MAY_NOT_USE} says otherwise. */
    private static final List<String> ROOMS = List.of(
            "cli",
            "ml",
            "benchmark",
            "comparison",
            "draft",
            "tuning",
            "job",
            "baseline",
            "report",
            "scoring",
            "training",
            "data",
            "dataset",
            "explanation",
            "inference",
            "model",
            "metrics",
            "pipeline",
            "storage",
            "schema",
            "config",
            "advice");

    /** What a room has no business with, though it lies below. */
    private static final Map<String, List<String>> MAY_NOT_USE = Map.ofEntries(
            Map.entry("baseline", List.of("training", "dataset", "model")),
            Map.entry("report", List.of("data")),
            Map.entry("scoring", List.of("training")),
            Map.entry("training", List.of("data", "dataset")),
            Map.entry("data", List.of("explanation", "inference", "model", "metrics")),
            Map.entry("dataset", List.of("explanation", "inference", "model", "metrics", "pipeline")),
            Map.entry("explanation", List.of("metrics", "pipeline", "storage", "config")),
            Map.entry("inference", List.of("metrics", "pipeline")),
            Map.entry("metrics", List.of("pipeline", "storage")),
            Map.entry("pipeline", List.of("schema", "config")),
            Map.entry("storage", List.of("schema", "config")));

    @Test
    void dependenciesPointFromTheCommandsDownToTheSettings() {
        LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String room : ROOMS) {
            architecture = architecture.layer(room).definedBy(packageOf(room));
        }
        for (int i = 0; i < ROOMS.size(); i++) {
            List<String> below = new ArrayList<>(ROOMS.subList(i + 1, ROOMS.size()));
            below.removeAll(MAY_NOT_USE.getOrDefault(ROOMS.get(i), List.of()));
            architecture = below.isEmpty()
                    ? architecture.whereLayer(ROOMS.get(i)).mayNotAccessAnyLayer()
                    : architecture.whereLayer(ROOMS.get(i)).mayOnlyAccessLayers(below.toArray(String[]::new));
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
    void onlyDataScoringAndTheJobsUseSpark() {
        onlyIn(
                List.of("data", "scoring", "baseline", "job", "draft", "benchmark", "ml", "cli", "storage.parquet"),
                "org.apache.spark..",
                "scala..");
    }

    @Test
    void onlyWhatComputesUsesDjl() {
        onlyIn(
                List.of(
                        "model",
                        "inference",
                        "explanation",
                        "training",
                        "scoring",
                        "baseline",
                        "job",
                        "benchmark",
                        "cli"),
                "ai.djl..");
    }

    @Test
    void onlyConfigReadsHocon() {
        onlyIn(List.of("config"), "com.typesafe..");
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics", "schema", "config", "advice"})
    void metricsSchemaConfigAndAdviceArePlainJava(String name) {
        noClasses()
                .that()
                .resideInAPackage(packageOf(name))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache..", "ai.djl..", "scala..", "picocli..")
                .check(CLASSES);
    }

    @Test
    void aPackageIsNoLargerThanAPersonReadsInOneGo() throws IOException {
        try (Stream<Path> folders = Files.walk(Path.of("src/main/java"))) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                long lines = 0;
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.java")) {
                    for (Path file : files) {
                        lines += Files.readAllLines(file).size();
                    }
                }
                assertThat(lines).as(folder.toString()).isLessThan(1600);
            }
        }
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
            if (!type.getPackageName().equals("io.deepfm.dataset.movielens")) {
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
