package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.metric.Calibration;
import dev.attune.metric.Confusion;
import dev.attune.task.Artifact;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class RunPageTest {
    private static Artifact.Matrix matrix(String first, String second) {
        Confusion confusion = new Confusion(3);
        confusion.add(new int[] {0, 0, 0, 1, 1}, new int[] {0, 1, 1, 1, 0});
        return new Artifact.Matrix("confusion", "Confusion matrix", confusion, List.of(first, second, "unused"));
    }

    private static Artifact.Reliability reliability() {
        Calibration calibration = new Calibration();
        calibration.add(0.9, true);
        calibration.add(0.55, false);
        return Artifact.Reliability.of(calibration);
    }

    /** Every place of a page that shows something from outside, filled with one text. */
    private static String full(String text) {
        Map<String, Double> results = new LinkedHashMap<>();
        results.put(text, 0.5);
        Artifact table = new Artifact.Table(
                "t",
                "Worst",
                List.of("row", "text"),
                List.of(Arrays.asList(text, text), Arrays.asList(1L, null)),
                true);
        double[] numbers = {1, 2};
        return new RunPage(text, text)
                .results(results)
                .facts(Map.of(text, text))
                .arguments(Map.of(text, text))
                .data(List.of(new ModelCard.Data(text, text, 3, List.of(text), "abc")))
                .curve(new LossCurve("Loss").train(1, 2).svg(), "Loss")
                .artifacts(List.of(
                        matrix(text, "b"),
                        table,
                        reliability(),
                        new Artifact.Points("p", "Points", "true", "predicted", numbers, numbers, true),
                        Artifact.Histogram.of("h", "Histogram", "F1", numbers, 0, 2, 4),
                        new Artifact.Document("d", "Document", Map.of())))
                .notes(List.of(text))
                .render();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "",
                "<script>alert(1)</script>",
                "</title></style></svg><script src='//evil.example/x.js'></script>",
                "\"onload=\"alert(1)\" x=\"",
                "' onmouseover='alert(1)",
                "&amp; & &#60;b&#62; &lt;",
                "]]> <![CDATA[ <!-- --> <?php ?>",
                "javascript:alert(1)",
                "a\u0000b\u0007c\u001b[31m\u007f\u0085\u009b\uFFFE\uFFFF",
                "half \uD800 and \uDC00 end\uD83D",
                "\uD83D\uDE00 \u05D0\u05D1 ok",
                "safe\u202Egpj.exe\u2066x\u2069\u2028y"
            })
    void whatComesFromOutsideIsText(String text) {
        Document page = Pages.check(full(text));
        String shown = Pages.texts(page, "h1").get(0);
        assertThat(shown).isEqualTo(Pages.texts(page, "title").get(0));
        String plain = text.replaceAll("[\\x00-\\x1f\\x7f-\\x9f\\uFFFE\\uFFFF\\u2028-\\u202E\\u2066-\\u2069]", "\uFFFD")
                .replaceAll("(?<![\\uD800-\\uDBFF])[\\uDC00-\\uDFFF]|[\\uD800-\\uDBFF](?![\\uDC00-\\uDFFF])", "\uFFFD");
        assertThat(shown).isEqualTo(plain);
        assertThat(Pages.texts(page, "td")).filteredOn(plain::equals).hasSizeGreaterThanOrEqualTo(8);
        assertThat(Pages.texts(page, "li")).contains(plain);
    }

    @Test
    void everyTextFromDataHasItsOwnDirectionAndIsCut() {
        Document page = Pages.check(full("x".repeat(5000)));
        String cut = "x".repeat(299) + "…";
        assertThat(Pages.texts(page, "bdi")).contains(cut).noneMatch(text -> text.length() > 300);
        assertThat(Pages.texts(page, "li")).contains(cut);
        assertThat(Pages.texts(Pages.check(full("\uD83D\uDE00".repeat(400))), "h1"))
                .containsExactly("\uD83D\uDE00".repeat(299) + "…");
    }

    @Test
    void aMatrixIsAPictureItsPairsAndItsLabels() {
        Document page = Pages.check(new RunPage("run", "lead")
                .artifacts(List.of(matrix("ham", "spam")))
                .render());
        assertThat(Pages.texts(page, "caption"))
                .containsExactly("Confusion matrix: pairs that are confused most", "Confusion matrix: each label");
        assertThat(Pages.texts(page, "td"))
                .containsExactly(
                        "ham", "spam", "2", "0.6667", "spam", "ham", "1", "0.5000", // pairs
                        "ham", "0.5000", "0.3333", "0.4000", "3", "spam", "0.3333", "0.5000", "0.4000", "2");
        assertThat(Pages.texts(page, "h2")).containsExactly("Evaluation");
    }

    @Test
    void theReliabilityDiagramTellsItsError() {
        Document page = Pages.check(
                new RunPage("run", "lead").artifacts(List.of(reliability())).render());
        // one right at 0.9, one wrong at 0.55: (0.1 + 0.55) / 2
        assertThat(Pages.texts(page, "figcaption").get(0)).endsWith("Expected calibration error 0.3250.");
        assertThat(Pages.texts(page, "text")).contains("expected calibration error 0.3250, 2 answers", "confidence");
        assertThat(Pages.texts(page, "title")).contains("0.5 – 0.6: 1 answers, 0.0 % right, mean confidence 55.0 %");
        assertThat(Pages.texts(page, "td"))
                .containsExactly("0.5 – 0.6", "1", "0.5500", "0.0000", "0.8 – 0.9", "1", "0.9000", "1.0000");
    }

    @Test
    void partsWithoutContentAreLeftOutAndLongTablesEnd() {
        assertThat(Pages.texts(Pages.check(new RunPage("a", "b").render()), "h2"))
                .isEmpty();
        List<List<Object>> rows = new java.util.ArrayList<>();
        for (long i = 0; i < 1500; i++) rows.add(List.of(i));
        Artifact long1 = new Artifact.Table("t", "Long", List.of("n"), List.copyOf(rows), false);
        Document page =
                Pages.check(new RunPage("a", "b").artifacts(List.of(long1)).render());
        assertThat(Pages.texts(page, "td")).hasSize(1000);
        assertThat(Pages.texts(page, "p")).contains("… and 500 more rows");
    }

    @Test
    void foldersAndPasswordsAreNotShown() {
        String page = new RunPage("a", "b")
                .data(List.of(
                        new ModelCard.Data("train", "/home/me/secret-project/train.csv", 3, List.of("text"), "abc")))
                .facts(Map.of("url", "jdbc:x://me:hunter2@host/db"))
                .arguments(Map.of("train", "/home/me/secret-project/train.csv"))
                .render();
        assertThat(page).contains("train.csv", "***").doesNotContain("hunter2", "secret-project");
    }
}
