package dev.attune.report;

import dev.attune.adapt.TrainableParameters;
import dev.attune.task.Description;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * The {@code README.md} of a trained model, in the form the Hugging Face Hub reads: YAML front matter, then what the
 * model is, its results, how it was trained, on which data, and how to use it from Java and Python. Fill in what is
 * known and call {@link #render()}; sections without content are left out.
 *
 * <p>The card is meant to be published. It names no license, which only the owner can choose, shortens absolute paths
 * to file names and blanks passwords in data sources. All text from outside is escaped.
 */
public final class ModelCard {
    private static final Pattern HUB_ID = Pattern.compile("[A-Za-z0-9][\\w.-]*(/[A-Za-z0-9][\\w.-]*)?");
    /** Our metric names, without {@code eval_}, as the Hub knows them. */
    private static final Map<String, String> HUB_METRICS = Map.ofEntries(
            Map.entry("accuracy", "accuracy"),
            Map.entry("subset_accuracy", "accuracy"),
            Map.entry("f1_macro", "f1"),
            Map.entry("f1_micro", "f1"),
            Map.entry("f1_weighted", "f1"),
            Map.entry("precision_macro", "precision"),
            Map.entry("recall_macro", "recall"),
            Map.entry("mcc", "matthews_correlation"),
            Map.entry("mse", "mse"),
            Map.entry("mae", "mae"),
            Map.entry("r2", "r_squared"),
            Map.entry("pearson", "pearsonr"),
            Map.entry("spearman", "spearmanr"));

    /**
     * One data set of the run.
     *
     * @param split {@code train} or {@code validation}
     * @param source file name, or query and URL
     * @param rows number of rows
     * @param columns names of the columns that were used
     * @param sha256 hash of the content, lower-case hex
     */
    public record Data(String split, String source, long rows, List<String> columns, String sha256) {
        public Data {
            columns = List.copyOf(columns);
        }
    }

    private record Picture(String file, String caption) {}

    private final String name;
    private final Description description;
    private @Nullable String baseModel;
    private String origin = "";
    private @Nullable String adapted;
    private Map<String, Double> results = Map.of();
    private Map<String, String> hyperparameters = Map.of();
    private Map<String, String> versions = Map.of();
    private List<Data> data = List.of();
    private TrainableParameters parameters = new TrainableParameters(List.of());
    private String report = "";
    private final List<Picture> pictures = new ArrayList<>();

    /**
     * A card without content.
     *
     * @param name heading of the card, for instance the name of the output folder
     * @param description what the task says of its models
     */
    public ModelCard(String name, Description description) {
        this.name = name;
        this.description = description;
    }

    /**
     * Where training started.
     *
     * @param model a Hub id, which goes into the front matter, or anything else, which is only mentioned; null if there is
     *     no name
     * @param otherwise what to say where there is none: {@code trained from random weights}
     */
    public ModelCard baseModel(@Nullable String model, String otherwise) {
        this.baseModel = model;
        this.origin = otherwise;
        return this;
    }

    /**
     * Says that the folder holds an adapter alone.
     *
     * @param model Python's class of its base model: {@code AutoModelForSequenceClassification}
     */
    public ModelCard adapter(String model) {
        this.adapted = model;
        return this;
    }

    /** Results of the final evaluation by name, with or without {@code eval_}, in the order to show them. */
    public ModelCard results(Map<String, Double> values) {
        this.results = new LinkedHashMap<>(values);
        return this;
    }

    /** Training arguments by their YAML names, in the order to show them. */
    public ModelCard hyperparameters(Map<String, String> values) {
        this.hyperparameters = new LinkedHashMap<>(values);
        return this;
    }

    public ModelCard data(List<Data> sets) {
        this.data = List.copyOf(sets);
        return this;
    }

    /** What was trained and what was not; told where that is not all. */
    public ModelCard parameters(TrainableParameters counts) {
        this.parameters = counts;
        return this;
    }

    /** A report in plain text, such as {@link ReportText} makes. */
    public ModelCard report(String text) {
        this.report = text;
        return this;
    }

    /** A picture that lies next to the card; {@code file} is relative to it. */
    public ModelCard picture(String file, String caption) {
        pictures.add(new Picture(file, caption));
        return this;
    }

    /** Versions by name: Attune, libtorch, Java. */
    public ModelCard versions(Map<String, String> values) {
        this.versions = new LinkedHashMap<>(values);
        return this;
    }

    /** The whole file; ends with a line break. */
    public String render() {
        var out = new StringBuilder();
        out.append("---\n").append(frontMatter()).append("---\n\n");
        out.append("<!-- Written by Attune when training ended. Edit it freely: it is not read again. -->\n\n");
        out.append("# ").append(Markdown.text(name)).append("\n\n");
        introduction(out);
        results(out);
        if (!hyperparameters.isEmpty()) {
            out.append("## Training\n\n")
                    .append(twoColumns("argument", hyperparameters))
                    .append('\n');
            parameters(out);
        }
        data(out);
        labels(out);
        out.append(ModelCardUsage.render(description, adapted));
        if (!versions.isEmpty()) {
            out.append("\n## Versions\n\n");
            versions.forEach((what, version) -> out.append("- ")
                    .append(Markdown.text(what))
                    .append(' ')
                    .append(Markdown.text(version))
                    .append('\n'));
        }
        return out.toString();
    }

    private String frontMatter() {
        Map<String, Object> front = new LinkedHashMap<>();
        front.put("library_name", adapted == null ? "transformers" : "peft");
        // The Hub refuses a card whose base_model is not an id, so a local folder is mentioned in the text only.
        if (baseModel != null && HUB_ID.matcher(baseModel).matches()) front.put("base_model", baseModel);
        front.put("pipeline_tag", description.pipelineTag());
        front.put(
                "tags",
                adapted == null
                        ? List.of("attune", "generated_from_trainer")
                        : List.of("attune", "generated_from_trainer", "lora"));
        Set<String> metrics = new LinkedHashSet<>();
        for (String key : results.keySet()) {
            String metric = HUB_METRICS.get(key.startsWith("eval_") ? key.substring(5) : key);
            if (metric != null) metrics.add(metric);
        }
        if (!metrics.isEmpty()) front.put("metrics", List.copyOf(metrics));
        return YAMLMapper.builder()
                .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                .build()
                .writeValueAsString(front);
    }

    private void introduction(StringBuilder out) {
        out.append(description.kind());
        if (baseModel != null) out.append(", fine-tuned from ").append(Markdown.code(Published.text(baseModel)));
        else if (!origin.isEmpty()) out.append(", ").append(Markdown.text(origin));
        out.append(" with Attune, which trains Hugging Face Transformers on the Java virtual machine. ");
        out.append(description.abilities());
        out.append(" It repeats the mistakes of its training data: try it on your own data before you rely on it.\n\n");
    }

    private void results(StringBuilder out) {
        if (results.isEmpty() && report.isBlank() && pictures.isEmpty()) return;
        out.append("## Results\n\n");
        if (!results.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            results.forEach((metric, value) -> rows.add(List.of(Markdown.code(metric), number(value))));
            out.append(Markdown.table(List.of("metric", "value"), rows)).append('\n');
        }
        if (!report.isBlank())
            out.append(folded("Report", Markdown.block("text", report))).append('\n');
        for (Picture picture : pictures) {
            String target = picture.file()
                    .replace("%", "%25")
                    .replace(" ", "%20")
                    .replace("(", "%28")
                    .replace(")", "%29");
            out.append("![")
                    .append(Markdown.text(picture.caption()))
                    .append("](")
                    .append(target)
                    .append(")\n\n");
        }
    }

    private void parameters(StringBuilder out) {
        if (parameters.frozen() == 0) return;
        List<List<String>> rows = new ArrayList<>();
        for (TrainableParameters.Part part : parameters.parts()) {
            rows.add(List.of(Markdown.text(part.name()), Long.toString(part.trained()), Long.toString(part.frozen())));
        }
        out.append(Markdown.table(List.of("part of the model", "trained parameters", "frozen parameters"), rows))
                .append('\n');
    }

    private void data(StringBuilder out) {
        if (data.isEmpty()) return;
        List<List<String>> rows = new ArrayList<>();
        for (Data set : data) {
            rows.add(List.of(
                    Markdown.text(set.split()),
                    Markdown.code(Published.text(set.source())),
                    Long.toString(set.rows()),
                    String.join(", ", set.columns().stream().map(Markdown::code).toList()),
                    Markdown.code(set.sha256())));
        }
        out.append("## Data\n\n");
        out.append(Markdown.table(List.of("split", "source", "rows", "columns", "SHA-256"), rows))
                .append('\n');
    }

    private void labels(StringBuilder out) {
        List<String> labels = description.labels();
        if (labels.isEmpty()) return;
        List<List<String>> rows = new ArrayList<>();
        for (int id = 0; id < labels.size(); id++) {
            rows.add(List.of(Integer.toString(id), Markdown.code(labels.get(id))));
        }
        String table = Markdown.table(List.of("id", "label"), rows);
        out.append("## Labels\n\n");
        out.append(labels.size() > 20 ? folded("All " + labels.size() + " labels", table) : table)
                .append('\n');
    }

    private static String twoColumns(String head, Map<String, String> values) {
        List<List<String>> rows = new ArrayList<>();
        values.forEach((key, value) -> rows.add(List.of(Markdown.code(key), Markdown.code(Published.text(value)))));
        return Markdown.table(List.of(head, "value"), rows);
    }

    private static String folded(String summary, String markdown) {
        return "<details>\n<summary>" + summary + "</summary>\n\n" + markdown + "\n</details>\n";
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) >= 10 && Math.abs(value) < 1e15)
            return Long.toString((long) value);
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
