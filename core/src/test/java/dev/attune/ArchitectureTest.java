package dev.attune;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.attune.task.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the house (DESIGN.md) to its floors and its style. */
class ArchitectureTest {
    private static final String ROOT = "dev.attune.";

    /** A package imports only packages with a smaller number, or itself. */
    private static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("error", 0),
            Map.entry("io", 1),
            Map.entry("config", 1),
            Map.entry("tensor", 2),
            Map.entry("nn", 3),
            Map.entry("checkpoint", 3),
            Map.entry("text", 3),
            Map.entry("generate", 5),
            Map.entry("hub", 4),
            Map.entry("model", 4),
            Map.entry("data", 5),
            Map.entry("optim", 5),
            Map.entry("metric", 5),
            Map.entry("adapt", 5),
            Map.entry("task", 6),
            Map.entry("train", 7),
            Map.entry("report", 8),
            Map.entry("job", 9));

    private static JavaClasses main;

    @BeforeAll
    static void read() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.attune");
        main = main.that(new com.tngtech.archunit.base.DescribedPredicate<>("are compiled from src/main") {
            @Override
            public boolean test(JavaClass type) {
                return isMain(type);
            }
        });
    }

    @AfterAll
    static void forget() {
        main = null;
    }

    @Test
    void everyPackageStandsOnAFloor() {
        TreeSet<String> homeless = new TreeSet<>();
        for (JavaClass type : main) {
            if (!FLOORS.containsKey(packageOf(type))) homeless.add(type.getPackageName());
        }
        assertThat(homeless)
                .as("packages without a floor in ArchitectureTest and DESIGN.md")
                .isEmpty();
    }

    @Test
    void aPackageImportsOnlyLowerFloors() {
        TreeSet<String> climbs = new TreeSet<>();
        for (JavaClass type : main) {
            type.getDirectDependenciesFromSelf().forEach(dependency -> {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!target.getPackageName().startsWith(ROOT)) return;
                String from = packageOf(type);
                String to = packageOf(target);
                if (from.equals(to)) return;
                if (FLOORS.getOrDefault(to, 99) >= FLOORS.getOrDefault(from, -9)) {
                    climbs.add(type.getFullName() + " (floor " + FLOORS.get(from) + ") uses " + target.getFullName()
                            + " (floor " + FLOORS.get(to) + ")");
                }
            });
        }
        assertThat(climbs).isEmpty();
    }

    /** Whatever stands above {@code task} asks {@code TaskType}: no class of a task's folder, and no key of a task. */
    @Test
    void nothingAboveTaskKnowsATaskByName() throws IOException {
        TreeSet<String> known = new TreeSet<>();
        for (JavaClass type : main) {
            if (FLOORS.get(packageOf(type)) <= FLOORS.get("task")) continue;
            type.getDirectDependenciesFromSelf().forEach(dependency -> {
                if (dependency.getTargetClass().getPackageName().startsWith(ROOT + "task.")) {
                    known.add(type.getFullName() + " uses "
                            + dependency.getTargetClass().getFullName());
                }
            });
        }
        List<Path> above = new ArrayList<>(List.of(sources().resolve("../../cli/src/main/java")));
        FLOORS.forEach((name, floor) -> {
            if (floor > FLOORS.get("task")) above.add(sources().resolve("main/java/dev/attune/" + name));
        });
        int read = 0;
        for (Path root : above) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                    read++;
                    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                        boolean comment =
                                line.strip().startsWith("*") || line.strip().startsWith("/");
                        for (String key : Tasks.keys()) {
                            if (!comment && line.contains(key)) known.add(file + ": " + line.strip());
                        }
                    }
                }
            }
        }
        assertThat(read).as("files above task").isGreaterThan(50);
        assertThat(known).isEmpty();
    }

    @Test
    void onlyTensorSeesLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.attune.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(main);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.attune.tensor..", "dev.attune.io..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(main);
    }

    @Test
    void onlyTextSeesTheTokenizerLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.attune.text..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(main);
    }

    @Test
    void theLibraryPrintsNothing() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(main);
    }

    /** Clocks are set and jump: they are for records and for comparing with time stamps of files, never for how long a thing takes. */
    @Test
    void durationsAreNotTakenFromTheWallClock() {
        noClasses()
                .that()
                .haveNameNotMatching(
                        "dev\\.attune\\.(job\\.(Provenance|EvaluationPage)|report\\.(TensorBoard|EventFile))")
                .and()
                .resideOutsideOfPackage("dev.attune.data.store")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class, java.time.Instant.class)
                .check(main);
    }

    @Test
    void javaSerializationIsNeverUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.io.ObjectInputStream.class, java.io.ObjectOutputStream.class, java.io.Externalizable.class)
                .check(main);
        for (JavaClass type : main) {
            boolean declares =
                    type.getRawInterfaces().stream().anyMatch(i -> i.getName().equals("java.io.Serializable"));
            assertThat(declares)
                    .as("%s implements java.io.Serializable", type.getName())
                    .isFalse();
        }
    }

    @Test
    void namesSayWhatAClassIs() {
        classes()
                .should()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .check(main);
    }

    @Test
    void everyPackageIsNullMarked() {
        TreeSet<String> packages = new TreeSet<>();
        TreeSet<String> marked = new TreeSet<>();
        for (JavaClass type : main) {
            packages.add(type.getPackageName());
            if (type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                marked.add(type.getPackageName());
            }
        }
        assertThat(packages).isNotEmpty();
        assertThat(marked).containsExactlyElementsOf(packages);
    }

    @Test
    void noFileIsLongerThan700Lines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        Path root = sources();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                int lines = Files.readAllLines(file, StandardCharsets.UTF_8).size();
                if (lines > 700) tooLong.add(root.relativize(file) + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private static String packageOf(JavaClass type) {
        String rest = type.getPackageName()
                .substring(Math.min(ROOT.length(), type.getPackageName().length()));
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    /** By its source file, so that the rules hold wherever the classes were compiled to. */
    private static boolean isMain(JavaClass type) {
        JavaClass top = type;
        while (top.getEnclosingClass().isPresent())
            top = top.getEnclosingClass().get();
        String file = type.getSource().flatMap(s -> s.getFileName()).orElse(top.getSimpleName() + ".java");
        return Files.exists(
                sources().resolve("main/java/" + type.getPackageName().replace('.', '/') + "/" + file));
    }

    /** {@code core/src}, from the folder of the module or of the whole project. */
    private static Path sources() {
        Path here = Path.of("src");
        Path fromRoot = Path.of("core", "src");
        return Files.isDirectory(fromRoot) ? fromRoot : here;
    }
}
