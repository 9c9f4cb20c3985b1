package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.StateDict;
import dev.attune.error.DataException;
import dev.attune.metric.Confusion;
import dev.attune.task.Artifact;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PictureTest {
    @Test
    void matrixShowsEachCountWithItsLabels() {
        Document svg = parse(report(List.of("ham", "spam"), new int[] {0, 0, 0, 1}, new int[] {0, 0, 1, 1})
                .confusionSvg("Confusion matrix"));

        assertThat(texts(svg, "text")).contains("ham", "spam", "2", "1", "0", "3 of 4 right (75.00 %)");
        assertThat(texts(svg, "title"))
                .contains("true ham, predicted ham: 2 (66.7 %)", "true ham, predicted spam: 1 (33.3 %)");
    }

    @Test
    void rightAndWrongHaveDifferentColours() {
        Document svg = parse(report(List.of("a", "b"), new int[] {0, 1, 1}, new int[] {0, 0, 0})
                .confusionSvg("Confusion matrix"));

        assertThat(fill(svg, "true a, predicted a: 1 (100.0 %)")).isEqualTo("#0c4a8c");
        assertThat(fill(svg, "true b, predicted a: 2 (100.0 %)")).isEqualTo("#b23406");
    }

    @Test
    void labelsAreText() {
        String hostile = "<script>\"&'\u0000\uD800</script>";
        Document svg = parse(
                report(List.of(hostile, "b"), new int[] {0}, new int[] {0}).confusionSvg("Confusion matrix"));

        assertThat(texts(svg, "title")).anyMatch(title -> title.contains("<script>\"&'\uFFFD\uFFFD</script>"));
        assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void everythingStaysInsideThePage() {
        for (int k : new int[] {1, 2, 8, 20, 77, 250}) {
            List<String> labels = IntStream.range(0, k)
                    .mapToObj(i -> "a_rather_long_label_name_" + i)
                    .toList();
            int[] ids = IntStream.range(0, k).toArray();
            Element root = parse(report(labels, ids, ids).confusionSvg("Confusion matrix"))
                    .getDocumentElement();
            double width = Double.parseDouble(root.getAttribute("width"));
            double height = Double.parseDouble(root.getAttribute("height"));
            NodeList cells = root.getElementsByTagName("rect");
            for (int i = 0; i < cells.getLength(); i++) {
                Element cell = (Element) cells.item(i);
                assertThat(number(cell, "x") + number(cell, "width")).isLessThanOrEqualTo(width + 0.01);
                assertThat(number(cell, "y") + number(cell, "height")).isLessThanOrEqualTo(height + 0.01);
            }
            long names = texts(root.getOwnerDocument(), "text").stream()
                    .filter(text -> text.startsWith("a_rather"))
                    .count();
            assertThat(names)
                    .as("names at both sides, unless the cells are too small")
                    .isEqualTo(k <= 200 ? 2L * k : 0);
        }
    }

    @Test
    void emptyMatrixIsAnError() {
        assertThatThrownBy(
                        () -> new ClassificationReport(new Confusion(1), List.of("a")).confusionSvg("Confusion matrix"))
                .isInstanceOf(DataException.class);
    }

    @Test
    void lossCurveMarksTheLowestEvaluation() {
        var curve = new LossCurve("a < b");
        for (int i = 1; i <= 40; i++) curve.train(i * 10, 4.0 / i);
        Document svg = parse(curve.evaluation(100, 0.9)
                .evaluation(200, 0.51)
                .evaluation(300, 0.6)
                .svg());

        assertThat(texts(svg, "text"))
                .contains(
                        "a < b",
                        "lowest 0.5100",
                        "training loss",
                        "smoothed",
                        "evaluation loss",
                        "optimizer step",
                        "400");
        assertThat(texts(svg, "title")).contains("evaluation loss 0.6000 at step 300");
    }

    @Test
    void fewPointsAreNotSmoothedAndLossesThatAreNotFiniteAreLeftOut() {
        String svg = new LossCurve("short")
                .train(1, 2)
                .train(2, Double.NaN)
                .train(3, Double.POSITIVE_INFINITY)
                .train(4, 1)
                .svg();

        assertThat(texts(parse(svg), "text")).contains("training loss").doesNotContain("smoothed");
        assertThat(svg).doesNotContain("NaN").doesNotContain("Inf");
    }

    @Test
    void anotherMeasureHasItsName() {
        Document svg = parse(new LossCurve("Perplexity", "perplexity")
                .evaluation(10, 20)
                .evaluation(20, 8)
                .svg());
        assertThat(texts(svg, "text")).contains("perplexity", "evaluation perplexity", "lowest 8.0000");
        assertThat(texts(svg, "title")).contains("evaluation perplexity 20.0000 at step 10");
        assertThat(texts(parse(new LossCurve("x", "perplexity").svg()), "text")).contains("No perplexity was logged.");
    }

    @Test
    void eachSetHasALineAndTheStateHoldsThem() {
        var curve = new LossCurve("Loss").train(1, 2).evaluation(10, 0.9).evaluation("arabic", 10, 1.5);
        StateDict state = new StateDict();
        curve.save(state);
        var again = new LossCurve("Loss");
        again.load(state);
        Document svg = parse(again.svg());
        assertThat(texts(svg, "text")).contains("evaluation loss", "arabic loss", "lowest 0.9000");
        assertThat(texts(svg, "title")).contains("arabic loss 1.5000 at step 10");
        assertThat(again.svg()).isEqualTo(curve.svg());
        for (int i = 0; i < 20; i++) curve.evaluation("a-set-with-a-name-" + i, 10, 1);
        assertThat(texts(parse(curve.svg()), "text"))
                .as("as many as there is room for")
                .contains("a-set-with-a-name-0 loss")
                .doesNotContain("a-set-with-a-name-9 loss");
    }

    @Test
    void withoutPointsThePictureSaysSo() {
        assertThat(texts(parse(new LossCurve("x").svg()), "text")).contains("No loss was logged.");
    }

    @Test
    void constantAndSingleLossesHaveAnAxis() {
        for (double loss : new double[] {0, 1e-12, 0.7, -3, 1e9}) {
            String svg = new LossCurve("one").train(1, loss).svg();
            parse(svg);
            assertThat(svg)
                    .contains("training loss " + (loss == 0.7 ? "0.7000" : ""))
                    .doesNotContain("NaN");
        }
    }

    @Test
    void longTrainingsAreThinnedButKeepTheirSpikes() {
        var curve = new LossCurve("long");
        for (int i = 1; i <= 200_000; i++) curve.train(i, i == 77_777 ? 9.0 : 1.0);
        String svg = curve.svg();

        assertThat(svg.length()).isLessThan(60_000);
        // The axis reaches up to 10, so 9.0 lies a tenth below the top (62) of 308 units of height.
        assertThat(svg).contains(" " + Svg.n(62 + 0.1 * 308));
    }

    @Test
    void ticksAreRound() {
        assertThat(Axis.over(0, 4.37, 5, 100, 0).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(Axis.steps(30, 0, 100).ticks()).containsExactly(0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0);
        Axis small = Axis.over(0.011, 0.019, 5, 100, 0);
        assertThat(small.ticks().stream().map(small::label))
                .startsWith("0.010", "0.012")
                .endsWith("0.020");
    }

    private static ClassificationReport report(List<String> labels, int[] truth, int[] predicted) {
        var confusion = new Confusion(labels.size());
        confusion.add(truth, predicted);
        return new ClassificationReport(confusion, labels);
    }

    @Test
    void trialsAreLinesAcrossTheirAxes() {
        var axes = List.of(
                new ParallelCoordinates.Coordinate("rate <1>", 1e-5, 1e-3, true, List.of()),
                new ParallelCoordinates.Coordinate("batch", 0, 1, false, List.of("8", "16")),
                new ParallelCoordinates.Coordinate("loss", 0.25, 0.75, false, List.of()));
        var lines = List.of(
                new ParallelCoordinates.Line(List.of(1e-4, 1.0, 0.25), 1, "the best"),
                new ParallelCoordinates.Line(List.of(1e-5, 0.0, 0.75), 0, "the worst"),
                new ParallelCoordinates.Line(List.of(1e-3, 0.0, Double.NaN), Double.NaN, "failed"));
        Document svg = parse(new ParallelCoordinates("Trials", axes, lines).svg());

        assertThat(texts(svg, "text"))
                .contains("rate <1>", "batch", "loss", "8", "16", "0.001", "1e-5", "0.25", "0.75");
        NodeList circles = svg.getElementsByTagName("circle");
        assertThat(circles.getLength())
                .as("two whole lines, and one that ends before its loss")
                .isEqualTo(8);
        List<String> best = IntStream.range(0, 8)
                .mapToObj(i -> (Element) circles.item(i))
                .filter(circle -> circle.getTextContent().equals("the best"))
                .map(circle -> circle.getAttribute("cy"))
                .toList();
        // The middle of the logarithms, the top of the choices, the foot of the loss.
        assertThat(best).containsExactly("232", "84", "380");
        assertThat(texts(parse(new ParallelCoordinates("T", axes, List.of()).svg()), "text"))
                .contains("No trial has ended yet.");
    }

    @Test
    void aRangeTestMarksItsRates() {
        var curve =
                new RangeCurve(List.of(1e-4, 1e-3, 1e-2), List.of(3.0, 1.0, 99.0), List.of(3.0, 2.0, 4.0), 1e-3, null);
        Document svg = parse(curve.svg());
        assertThat(texts(svg, "text")).contains("1e-4", "1e-3", "1e-2", "falls fastest 1.0e-3");
        assertThat(texts(svg, "text")).noneMatch(text -> text.startsWith("a tenth"));
        String steps = ((Element) svg.getElementsByTagName("path").item(0)).getAttribute("d");
        assertThat(steps).as("what bursts ends at the top").endsWith("L800 62");
        assertThat(texts(parse(new RangeCurve(List.of(), List.of(), List.of(), null, null).svg()), "text"))
                .contains("There are too few steps for a curve.");
    }

    private static Document parse(String svg) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
        } catch (Exception e) {
            throw new AssertionError("not well-formed: " + svg, e);
        }
    }

    private static List<String> texts(Document svg, String tag) {
        NodeList nodes = svg.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }

    private static String fill(Document svg, String hover) {
        NodeList titles = svg.getElementsByTagName("title");
        for (int i = 0; i < titles.getLength(); i++) {
            if (titles.item(i).getTextContent().equals(hover)) {
                return ((Element) titles.item(i).getParentNode()).getAttribute("fill");
            }
        }
        throw new AssertionError("no cell says: " + hover);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    @Test
    void aHistogramHasABarForEachRangeAndNothingIsLost() {
        var histogram =
                Artifact.Histogram.of("f1", "F1 <here>", "F1", new double[] {0, 0.09, 0.1, 0.55, 1, 1.5, -1}, 0, 1, 10);
        assertThat(histogram.counts()).containsExactly(3, 1, 0, 0, 0, 1, 0, 0, 0, 2);
        Map<String, String> pictures = ReportPictures.of(List.of(histogram.of("test", "Test")));
        assertThat(pictures).containsOnlyKeys("test-f1.svg");
        Document picture = parse(pictures.get("test-f1.svg"));
        assertThat(texts(picture, "title"))
                .contains("Test: F1 <here>", "0 to 0.1: 3", "0.9 to 1: 2")
                .hasSize(11);
        assertThat(ReportText.of(List.of(histogram)))
                .contains("F1 <here>")
                .contains("0.9 – 1")
                .containsPattern("3  #{30}\n");
        assertThat(ReportJson.of(List.of(histogram)))
                .singleElement()
                .satisfies(map ->
                        assertThat(map).containsEntry("kind", "histogram").containsEntry("counts", histogram.counts()));
    }

    @Test
    void aDocumentIsAFileOfItsOwn() {
        Artifact document = new Artifact.Document("predictions", "Answers", Map.of("q", "nine")).of("test", "Test");
        assertThat(document.name()).isEqualTo("test_predictions");
        assertThat(ReportPictures.of(List.of(document))).isEmpty();
        assertThat(ReportText.of(List.of(document))).isEmpty();
        assertThat(ReportJson.of(List.of(document))).isEmpty();
    }
}
