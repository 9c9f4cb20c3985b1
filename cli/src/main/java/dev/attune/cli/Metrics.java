package dev.attune.cli;

import dev.attune.io.TerminalText;
import dev.attune.job.ResultNumbers;
import java.util.Locale;
import java.util.Map;

/** Metrics for readers and for programs. */
final class Metrics {
    private Metrics() {}

    /** One metric a line, values aligned. */
    static String table(Map<String, Double> metrics) {
        int width = metrics.keySet().stream()
                .mapToInt(name -> TerminalText.line(name).length())
                .max()
                .orElse(0);
        StringBuilder table = new StringBuilder();
        metrics.forEach((name, value) -> table.append(
                String.format(Locale.ROOT, "  %-" + width + "s  %12s%n", TerminalText.line(name), text(name, value))));
        return table.toString();
    }

    /** A value in a few digits. */
    static String text(String name, double value) {
        if (ResultNumbers.isCount(name)) return String.format(Locale.ROOT, "%,d", Math.round(value));
        return String.format(Locale.ROOT, ResultNumbers.isSpeed(name) ? "%,.2f" : "%.4f", value);
    }
}
