package dev.attune.cli;

import dev.attune.io.TerminalText;
import dev.attune.job.ResultNumbers;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.EvaluationSets;
import dev.attune.train.LogEvent;
import dev.attune.train.RunInfo;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A run on the console: a header, one line that is rewritten after every step, and a permanent row for each evaluation.
 * Where nobody watches (a file, a pipe) only the periodic steps are printed, each on a line of its own.
 */
final class ConsoleProgress implements TrainingListener, AutoCloseable {
    private static final int WIDTH = 80;

    private final ProgressLine out;
    private final boolean terminal;
    private List<String> columns = List.of();

    ConsoleProgress(PrintWriter out, boolean terminal, LongSupplier clock) {
        this.out = new ProgressLine(out, clock);
        this.terminal = terminal;
    }

    /**
     * Progress on a writer.
     *
     * @param terminal whether it leads to a terminal on which lines can be rewritten
     */
    static ConsoleProgress on(PrintWriter out, boolean terminal) {
        return new ConsoleProgress(out, terminal, System::nanoTime);
    }

    @Override
    public void onTrainBegin(RunInfo info) {
        String trained = info.trainableParameters() == info.parameters()
                ? "all trained"
                : Numbers.si(info.trainableParameters()) + " trained";
        line("model  %s, %s parameters, %s", info.model(), Numbers.si(info.parameters()), trained);
        line("task   %s, %s", info.task(), info.columns());
        line(
                "data   %,d training examples, %s",
                info.trainExamples(),
                info.evalExamples() == 0
                        ? "no validation"
                        : String.format(Locale.ROOT, "%,d validation", info.evalExamples()));
        line(
                "run    %,d steps, %s epochs, %s, %s, %d thread%s",
                info.totalSteps(),
                Numbers.plain(info.totalEpochs()),
                info.device(),
                info.precision(),
                info.threads(),
                info.threads() == 1 ? "" : "s");
        line("");
        if (info.trainableParameters() == info.parameters()) return;
        line("%s", info.parts());
        line("");
    }

    @Override
    public void onStepEnd(LogEvent event) {
        boolean last = event.step() == event.totalSteps();
        if (terminal) out.rewrite(() -> progress(event), last);
        else if (event.periodic() || last) line("%s", progress(event));
    }

    /** One line with all that a watcher wants to know. */
    static String progress(LogEvent e) {
        return String.format(
                Locale.ROOT,
                "epoch %.2f/%s  step %d/%d  %d%%  loss %s  lr %s  gnorm %.2f  %s  mem %s  ETA %s",
                e.epoch(),
                Numbers.plain(e.totalEpochs()),
                e.step(),
                e.totalSteps(),
                100L * e.step() / Math.max(1, e.totalSteps()),
                Numbers.loss(e.loss()),
                Numbers.scientific(e.learningRate()),
                e.gradNorm(),
                speed(e),
                Numbers.bytes(e.residentBytes()),
                Numbers.time(e.etaSeconds()));
    }

    private static String speed(LogEvent e) {
        // The first steps warm up and tell nothing about the speed.
        if (!(e.tokensPerSecond() > 0)) return "-- tok/s";
        return String.format(
                Locale.ROOT, "%s tok/s (%.0f%% real)", Numbers.si(e.tokensPerSecond()), 100 * e.realTokenShare());
    }

    @Override
    public void onEvaluate(EvaluationEvent event) {
        List<String> names = fitting(
                event,
                event.metrics().keySet().stream()
                        .filter(ResultNumbers::isQuality)
                        .toList());
        List<String> heads = names.stream().map(name -> column(event, name)).toList();
        if (!heads.equals(columns)) {
            columns = heads;
            StringBuilder head = new StringBuilder("  epoch     step");
            heads.forEach(name -> head.append("  ").append(pad(name, name)));
            line("%s", head);
        }
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%7.2f  %7d", event.epoch(), event.step()));
        for (String name : names) {
            row.append("  ").append(pad(Metrics.text(name, event.metrics().get(name)), column(event, name)));
        }
        if (!event.set().isEmpty()) row.append("  ").append(event.set());
        line("%s", row);
    }

    /** The first metrics, as many as a line of a terminal has room for; the end of the run shows all of the last evaluation. */
    private static List<String> fitting(EvaluationEvent event, List<String> names) {
        int width = 16; // the same for all sets, so that they stand in one table
        int count = 0;
        for (String name : names) {
            width += 2 + width(column(event, name));
            if (width > WIDTH) break;
            count++;
        }
        return names.subList(0, count);
    }

    /** Every metric of the table is one of the evaluation; the prefix would only make it wide. */
    private static String column(EvaluationEvent event, String name) {
        String prefix = EvaluationSets.prefix(event.set());
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private static String pad(String text, String column) {
        return " ".repeat(Math.max(0, width(column) - text.length())) + text;
    }

    private static int width(String column) {
        return Math.max(8, column.length());
    }

    @Override
    public void onMessage(String text) {
        line("note: %s", TerminalText.line(text));
    }

    @Override
    public void onTrainEnd(TrainSummary summary) {
        line("");
        if (!summary.report().isBlank()) {
            line("%s", summary.report().stripTrailing());
            line("");
        }
        Map<String, Double> results = summary.allResults();
        line("%s", Metrics.table(results).stripTrailing());
        line("");
        line("The model is in %s. Try it:", summary.outputDir());
        line("  %s", summary.usage());
    }

    @Override
    public void close() {
        out.close();
    }

    private void line(String format, Object... values) {
        out.line(String.format(Locale.ROOT, format, values));
    }
}
