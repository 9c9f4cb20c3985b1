package dev.attune.cli;

import dev.attune.job.search.SearchListener;
import dev.attune.job.search.SearchPlan;
import dev.attune.job.search.SearchResult;
import dev.attune.job.search.Space;
import dev.attune.job.search.Trial;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainingListener;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A search on the console: a line for each trial, one that is rewritten while it trains, and a table at the end. */
final class SearchProgress implements SearchListener, AutoCloseable {
    private final SearchPlan plan;
    private final ProgressLine out;
    private final boolean terminal;
    private boolean begun;

    /** @param terminal whether lines can be rewritten */
    SearchProgress(SearchPlan plan, PrintWriter out, boolean terminal) {
        this.plan = plan;
        this.out = new ProgressLine(out, System::nanoTime);
        this.terminal = terminal;
    }

    @Override
    public void onSearchBegin(SearchPlan begun, List<Trial> before) {
        line("search " + plan.arguments().trials() + " trials, "
                + plan.arguments().algorithm() + ", by " + plan.metric().name()
                + (plan.metric().greaterIsBetter() ? ", more" : ", less") + " is better");
        plan.space().forEach((key, space) -> line("       " + key + ": " + space));
        if (!before.isEmpty()) {
            line("note: going on after " + before.size() + (before.size() == 1 ? " trial" : " trials")
                    + " that had ended.");
        }
        line("");
    }

    @Override
    public TrainingListener onTrialBegin(Trial trial) {
        boolean isFirst = !begun;
        begun = true;
        return new TrainingListener() {
            private String evaluated = "";

            private String progress(LogEvent event) {
                return "trial " + trial.number() + "  step " + event.step() + "/" + event.totalSteps() + "  loss "
                        + Numbers.loss(event.loss()) + evaluated + "  ETA " + Numbers.time(event.etaSeconds());
            }

            /** What there is to say of data and model is the same in all trials. */
            @Override
            public void onMessage(String text) {
                if (isFirst) line("note: " + text);
            }

            @Override
            public void onEvaluate(EvaluationEvent event) {
                String name = plan.metric().name();
                Double value = event.metrics().get(name);
                if (value != null) evaluated = "  " + name + " " + Metrics.text(name, value);
            }

            @Override
            public void onStepEnd(LogEvent event) {
                if (terminal) out.rewrite(() -> progress(event), false);
            }
        };
    }

    @Override
    public void onTrialEnd(Trial trial) {
        StringBuilder text = new StringBuilder("trial " + trial.number() + "  ");
        trial.parameters()
                .forEach((key, value) ->
                        text.append(key).append(' ').append(Space.text(value)).append("  "));
        text.append(trial.state() == Trial.State.FINISHED ? "" : trial.state() + "  ");
        text.append(metric(trial));
        line(text.toString().stripTrailing());
        if (trial.note() != null) line("  " + trial.note());
    }

    private String metric(Trial trial) {
        String name = plan.metric().name();
        return trial.metric() == null ? "" : name + " " + Metrics.text(name, trial.metric());
    }

    @Override
    public void onMessage(String text) {
        line("note: " + text);
    }

    @Override
    public void onSearchEnd(SearchResult result) {
        line("");
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("trial", plan.metric().name()));
        head.addAll(plan.space().keySet());
        head.addAll(List.of("state", "steps", "time"));
        rows.add(head);
        for (Trial trial : result.trials()) {
            List<String> row = new ArrayList<>(List.of(Integer.toString(trial.number())));
            row.add(trial.metric() == null ? "-" : Metrics.text(plan.metric().name(), trial.metric()));
            for (String key : plan.space().keySet())
                row.add(Space.text(trial.parameters().get(key)));
            row.addAll(
                    List.of(trial.state().toString(), Integer.toString(trial.steps()), Numbers.time(trial.seconds())));
            rows.add(row);
        }
        table(rows).forEach(this::line);
        line("");
        line("Table and picture are in " + plan.folder().resolve("search.md") + ".");
        if (result.best().isEmpty()) {
            line("No trial came to its end, so there is no best one.");
            return;
        }
        line("The best model is in " + plan.folder().resolve(result.best().get().folder()) + ". Its recipe:");
        line("  attune train " + plan.folder().resolve("best.yaml"));
    }

    private static List<String> table(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(each -> each.get(column).length())
                        .max()
                        .orElse(0);
                text.append(" ".repeat(width - row.get(i).length()))
                        .append(row.get(i))
                        .append("  ");
            }
            lines.add(text.toString().stripTrailing());
        }
        return lines;
    }

    @Override
    public void close() {
        out.close();
    }

    private void line(String text) {
        out.line(text);
    }
}
