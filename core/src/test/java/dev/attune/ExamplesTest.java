package dev.attune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.model.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every file of examples/ compiles, and its main does what it says, on a tiny model. */
class ExamplesTest {
    private static final String NUMBER = "-?\\d[\\d.E-]*";
    private static final String ANSWER = "Prediction\\[label=%s, score=" + NUMBER + "\\]";

    /** What each example prints, as a pattern for all of its lines. */
    private static final Map<String, String> PRINTED = new TreeMap<>(Map.of(
            "TrainFromCsv", "accuracy " + NUMBER + "\n" + answer("positive|negative"),
            "RowsFromJava", answer("positive|negative") + "\n" + answer("positive|negative"),
            "RowsFromDatabase", "4 rows, columns \\[text, label\\]\n" + answer("1|5"),
            "Pairs", answer("same|other") + "\n" + answer("same|other"),
            "SeveralLabels", "good food, not cheap: \\[.*\\]\nwe sat there for an hour: \\[.*\\]",
            "Regression", "mean absolute error " + NUMBER + "\n" + NUMBER,
            "OwnLossAndMetric", "eval_loss " + NUMBER + "\neval_recall_of_rare (0|1|0\\.\\d+)(\\.0)?",
            "ManyThreads", "(a good film: (positive|negative)\na bad film: (positive|negative)\n?){4}",
            "UntrainedModel", "loss " + NUMBER + "\naccuracy " + NUMBER,
            "TrainingLoop", "(epoch \\d+ loss " + NUMBER + "\n?){10}"));

    static {
        PRINTED.put("StopAndGoOn", "Stopped after step 2 of \\d+\\. .*goes on from step 2\\.\nepochs 1\\.0");
        PRINTED.put("FreezeLayers", "accuracy " + NUMBER + "\n +trained +frozen\n(.+ [\\d,]+ +[\\d,]+\n?){6}");
        PRINTED.put(
                "SearchValues",
                "(\\{learning_rate=" + NUMBER + ", per_device_train_batch_size=[48]\\} loss " + NUMBER + "\n?){3}");
        PRINTED.put("HiddenWords", "perplexity " + NUMBER + "\ni lost my .*");
        PRINTED.put("Entities", "f1 " + NUMBER + "(\n(PERSON|PLACE) .+ " + NUMBER + ")*");
        PRINTED.put("Questions", "F1 " + NUMBER + "\n.*, at \\d+ to \\d+");
        // The tiny model knows nothing, but a cosine is at most 1.
        PRINTED.put("VectorsOfTexts", "my card is gone: -?(0\\.\\d+|1\\.0)\nthe food was good: -?(0\\.\\d+|1\\.0)");
    }

    @TempDir
    static Path folder;

    private static Path classes;
    private static Path model;
    private static Path data;
    private static Path sentences;

    private static String answer(String labels) {
        return ANSWER.formatted("(" + labels + ")");
    }

    @BeforeAll
    static void compile() throws IOException {
        classes = Files.createDirectories(folder.resolve("classes"));
        model = TinyModel.make(folder.resolve("model"));
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int i = 0; i < 16; i++) lines.add(i % 2 == 0 ? "the film was good,positive" : "the food was bad,negative");
        data = Files.write(folder.resolve("films.csv"), lines);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 16; i++)
            words.addAll(List.of("good B-PERSON", "bad I-PERSON", "was O", "film B-PLACE", ""));
        sentences = Files.write(folder.resolve("names.conll"), words);

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<String> options = List.of(
                "--release", "17", "-proc:none", "-Xlint:all,-classfile,-try", "-Werror", "-d", classes.toString());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean good = compiler.getTask(
                            complaints, files, null, options, null, files.getJavaFileObjectsFromPaths(sources()))
                    .call();
            assertThat(good).as(complaints.toString()).isTrue();
        }
    }

    /** The Java guide quotes the examples: it shows no line that nobody compiled. */
    @Test
    void theGuideShowsLinesOfTheExamples() throws IOException {
        Set<String> compiled = new HashSet<>();
        for (Path source : sources()) Files.readAllLines(source).forEach(line -> compiled.add(line.strip()));
        List<String> quoted = new ArrayList<>();
        for (String page : List.of("java.md", "freezing.md")) {
            boolean java = false;
            for (String line : Files.readAllLines(root().resolve("docs").resolve(page))) {
                if (line.startsWith("```")) java = line.equals("```java");
                else if (java) quoted.add(line.strip());
            }
        }
        assertThat(quoted).hasSizeGreaterThan(30).isSubsetOf(compiled);
    }

    /** The tests run in the root of the checkout or in the folder of their module. */
    private static Path root() {
        return Files.isDirectory(Path.of("examples")) ? Path.of("") : Path.of("..");
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(root().resolve("examples"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void eachExampleIsRunAndSaysHow() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path source : sources()) {
            String name = source.getFileName().toString().replace(".java", "");
            names.add(name);
            assertThat(Files.readString(source))
                    .startsWith("// ")
                    .contains("\"cli/target/classes:$(cat cli/target/classpath.txt)\" examples/" + name + ".java\n");
        }
        assertThat(names).containsExactlyElementsOf(PRINTED.keySet());
    }

    @TestFactory
    Stream<DynamicTest> runs() {
        return PRINTED.entrySet().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.getKey(),
                        () -> assertThat(run(example.getKey())).matches(Pattern.compile(example.getValue()))));
    }

    private static String run(String name) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {classes.toUri().toURL()}, ExamplesTest.class.getClassLoader());
                PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            Path read = name.equals("Entities") ? sentences : data;
            String[] arguments = {
                model.toString(), folder.resolve("runs").resolve(name).toString(), read.toString()
            };
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n").strip();
    }
}
