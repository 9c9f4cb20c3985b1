package dev.attune.job.search;

import dev.attune.job.Recipe;
import dev.attune.job.search.Trial.State;
import dev.attune.report.Markdown;
import dev.attune.report.ParallelCoordinates;
import dev.attune.report.ParallelCoordinates.Coordinate;
import dev.attune.report.ParallelCoordinates.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a search leaves for people: a table, a picture, and the recipe of the best trial. */
final class SearchReport {
    static final String BEST = "best.yaml";
    static final String PAGE = "search.md";
    static final String PICTURE = "search.svg";

    private final SearchResult result;
    private final SearchPlan plan;

    SearchReport(SearchResult result) {
        this.result = result;
        this.plan = result.plan();
    }

    void write(SearchFolder folder) {
        folder.text(PICTURE, picture());
        folder.text(PAGE, page());
        Optional<Trial> best = result.best();
        if (best.isPresent()) folder.text(BEST, recipe(best.get()));
        else folder.remove(BEST);
    }

    /** The recipe of a trial as {@code attune train} takes it: its run goes into a folder of its own beside the trials. */
    private String recipe(Trial best) {
        Recipe recipe = plan.recipe(best.parameters(), plan.folder().resolve("best"));
        return RecipeYaml.of(
                recipe,
                "The best of " + result.trials().size() + " trials: trial " + best.number() + ", "
                        + plan.metric().name() + " " + best.metric() + ".");
    }

    private String page() {
        StringBuilder page = new StringBuilder("# Search in ")
                .append(Markdown.text(plan.folder().toString()))
                .append("\n\n");
        page.append(plan.arguments().algorithm())
                .append(", seed ")
                .append(plan.arguments().seed())
                .append(", ")
                .append(result.trials().size())
                .append(" of ")
                .append(plan.arguments().trials())
                .append(" trials, compared by ")
                .append(Markdown.code(plan.metric().name()))
                .append(plan.metric().greaterIsBetter() ? " (more is better).\n\n" : " (less is better).\n\n");
        page.append("![Trials](").append(PICTURE).append(")\n\n");
        List<String> heads = new ArrayList<>(List.of("trial", plan.metric().name()));
        heads.addAll(plan.space().keySet());
        heads.addAll(List.of("state", "steps", "seconds"));
        List<List<String>> rows = result.trials().stream().map(this::row).toList();
        return page.append(Markdown.table(heads.stream().map(Markdown::text).toList(), rows))
                .toString();
    }

    private List<String> row(Trial trial) {
        List<String> row = new ArrayList<>();
        row.add(Integer.toString(trial.number()));
        row.add(trial.metric() == null ? "" : String.format(Locale.ROOT, "%.4f", trial.metric()));
        for (String key : plan.space().keySet())
            row.add(Markdown.text(Space.text(trial.parameters().get(key))));
        row.add(trial.state().toString());
        row.add(Integer.toString(trial.steps()));
        row.add(String.format(Locale.ROOT, "%.1f", trial.seconds()));
        return row;
    }

    private String picture() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Trial trial : result.trials()) {
            if (trial.metric() == null) continue;
            low = Math.min(low, trial.metric());
            high = Math.max(high, trial.metric());
        }
        boolean greater = plan.metric().greaterIsBetter();
        List<Coordinate> axes = new ArrayList<>();
        plan.space().forEach((key, space) -> axes.add(axis(key, space)));
        if (low <= high) axes.add(new Coordinate(plan.metric().name(), low, high, false, List.of()));
        List<Line> lines = new ArrayList<>();
        for (Trial trial : result.trials()) {
            List<Double> values = new ArrayList<>();
            plan.space()
                    .forEach((key, space) ->
                            values.add(place(space, trial.parameters().get(key))));
            Double metric = trial.metric();
            if (low <= high) values.add(metric == null ? Double.NaN : metric);
            double share = metric == null || trial.state() != State.FINISHED
                    ? Double.NaN
                    : low == high ? 1 : (metric - low) / (high - low);
            lines.add(new Line(values, greater ? share : 1 - share, hover(trial)));
        }
        return new ParallelCoordinates("Trials by " + plan.metric().name(), axes, lines).svg();
    }

    private static Coordinate axis(String key, Space space) {
        if (space instanceof Space.Uniform u) return new Coordinate(key, u.low(), u.high(), false, List.of());
        if (space instanceof Space.LogUniform l) return new Coordinate(key, l.low(), l.high(), true, List.of());
        if (space instanceof Space.IntRange i) return new Coordinate(key, i.low(), i.high(), false, List.of());
        List<String> choices = ((Space.Choice) space).values();
        return new Coordinate(key, 0, choices.size() - 1.0, false, choices);
    }

    private static double place(Space space, Object value) {
        return space instanceof Space.Choice choice ? choice.values().indexOf(value) : ((Number) value).doubleValue();
    }

    private String hover(Trial trial) {
        List<String> parts = new ArrayList<>(List.of("trial " + trial.number()));
        for (Map.Entry<String, Object> each : trial.parameters().entrySet())
            parts.add(each.getKey() + " " + Space.text(each.getValue()));
        parts.add(
                trial.metric() == null
                        ? trial.state().toString()
                        : plan.metric().name() + " " + trial.metric());
        return String.join(", ", parts);
    }
}
