package dev.attune.report;

import dev.attune.task.Artifact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code report.html}: what was trained or evaluated, on what, and what came of it, in one file that a browser opens without a
 * network. Fill in what is known and call {@link #render()}; parts without content are left out.
 *
 * <p>The page quotes rows of the data and is for those who may read them; it shortens absolute paths of data and arguments to
 * file names and blanks passwords all the same. All text from outside is escaped.
 */
public final class RunPage {
    private record Picture(String svg, String caption) {}

    private record Section(String title, Consumer<Html> content) {
        String id() {
            return title.toLowerCase(Locale.ROOT).replace(' ', '-');
        }
    }

    private final String name;
    private final String lead;
    private Map<String, Double> results = Map.of();
    private Map<String, String> facts = Map.of();
    private Map<String, String> arguments = Map.of();
    private List<ModelCard.Data> data = List.of();
    private List<Artifact> artifacts = List.of();
    private List<String> notes = List.of();
    private final List<Picture> curves = new ArrayList<>();

    /**
     * A page without content.
     *
     * @param name heading of the page, for instance the name of the output folder
     * @param lead one sentence below it; shown as it is
     */
    public RunPage(String name, String lead) {
        this.name = name;
        this.lead = lead;
    }

    /** Results by name, in the order to show them. */
    public RunPage results(Map<String, Double> values) {
        this.results = new LinkedHashMap<>(values);
        return this;
    }

    /** What is known of model and run, versions too, in the order to show it. */
    public RunPage facts(Map<String, String> values) {
        this.facts = new LinkedHashMap<>(values);
        return this;
    }

    /** Arguments that are not the defaults, by their YAML names. */
    public RunPage arguments(Map<String, String> values) {
        this.arguments = new LinkedHashMap<>(values);
        return this;
    }

    public RunPage data(List<ModelCard.Data> sets) {
        this.data = List.copyOf(sets);
        return this;
    }

    /** A curve of the training, as an SVG document of this package. */
    public RunPage curve(String svg, String caption) {
        curves.add(new Picture(svg, caption));
        return this;
    }

    public RunPage artifacts(List<Artifact> found) {
        this.artifacts = found.stream()
                .filter(artifact -> !(artifact instanceof Artifact.Document))
                .toList();
        return this;
    }

    /** Sentences that the user was told. */
    public RunPage notes(List<String> sentences) {
        this.notes = List.copyOf(sentences);
        return this;
    }

    /** The whole file. */
    public String render() {
        List<Section> sections = sections();
        Html html = HtmlPage.begin(name);
        html.open("h1").data(name).close();
        html.open("p", "class", "lead").data(lead).close();
        html.open("nav", "aria-label", "Contents").open("ul");
        for (Section section : sections) {
            html.open("li")
                    .element("a", section.title, "href", "#" + section.id())
                    .close();
        }
        html.close().close();
        for (Section section : sections) {
            html.open("section", "id", section.id()).element("h2", section.title);
            section.content.accept(html);
            html.close();
        }
        return HtmlPage.end(html);
    }

    /** Those that have content. */
    private List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        if (!results.isEmpty()) sections.add(new Section("Results", this::results));
        if (!data.isEmpty()) sections.add(new Section("Data", this::data));
        if (!facts.isEmpty() || !arguments.isEmpty()) sections.add(new Section("Model and arguments", this::model));
        if (!curves.isEmpty()) sections.add(new Section("Course of the training", this::curves));
        if (!artifacts.isEmpty()) sections.add(new Section("Evaluation", this::artifacts));
        if (!notes.isEmpty()) sections.add(new Section("Notes", this::notes));
        return sections;
    }

    private void results(Html html) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        results.forEach((metric, value) -> rows.add(List.of(metric, number(value))));
        HtmlTable.write(html, "Metrics at the end", List.of("metric", "value"), rows);
    }

    /** A count is a whole number, as far as can be told. */
    private static Object number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) >= 10 && Math.abs(value) < 1e15;
        return whole ? (Object) (long) value : (Object) value;
    }

    private void data(Html html) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (ModelCard.Data set : data) {
            rows.add(List.of(
                    set.split(),
                    Published.text(set.source()),
                    set.rows(),
                    String.join(", ", set.columns()),
                    set.sha256()));
        }
        HtmlTable.write(html, "Sets of rows", List.of("set", "source", "rows", "columns", "SHA-256"), rows);
    }

    private void model(Html html) {
        if (!facts.isEmpty()) HtmlTable.write(html, "Model and run", List.of("what", "value"), pairs(facts));
        if (!arguments.isEmpty()) {
            HtmlTable.write(
                    html, "Arguments that are not the defaults", List.of("argument", "value"), pairs(arguments));
        }
    }

    private static List<List<@Nullable Object>> pairs(Map<String, String> values) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        values.forEach((key, value) -> rows.add(List.of(key, Published.text(value))));
        return rows;
    }

    private void curves(Html html) {
        curves.forEach(curve -> html.figure(curve.svg, curve.caption));
    }

    private void artifacts(Html html) {
        ArtifactHtml parts = new ArtifactHtml(html);
        for (Artifact artifact : artifacts) {
            html.element("h3", artifact.title());
            parts.write(artifact);
        }
    }

    private void notes(Html html) {
        html.open("ul");
        notes.forEach(note -> html.open("li").data(note).close());
        html.close();
    }
}
