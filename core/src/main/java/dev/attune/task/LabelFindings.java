package dev.attune.task;

import dev.attune.io.TerminalText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How often labels occur, and which of them are too few, or one label in two spellings. */
public final class LabelFindings {
    /** A label of fewer rows is learned badly, and its numbers in an evaluation are chance. */
    public static final int FEW = 10;

    private static final int SHOWN = 30;

    private LabelFindings() {}

    /**
     * @param names labels in the order of their ids
     * @param counts how often each occurs
     * @param all what shares are of: rows, words
     * @param unit its name: {@code rows}
     */
    public static Findings of(List<String> names, long[] counts, long all, String unit) {
        Findings.Builder found = Findings.of("labels");
        long most = Arrays.stream(counts).max().orElse(0);
        long least = Arrays.stream(counts).filter(count -> count > 0).min().orElse(0);
        List<Map<String, Object>> table = new ArrayList<>();
        for (int id = 0; id < counts.length; id++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("label", names.get(id));
            row.put("count", counts[id]);
            row.put("share", (double) counts[id] / Math.max(1, all));
            table.add(row);
        }
        List<String> none = names(names, counts, 0, 0);
        List<String> few = names(names, counts, 1, FEW - 1);
        List<List<String>> alike = alike(names);
        found.fact("unit", unit)
                .fact("counts", table)
                .fact("imbalance_ratio", least == 0 ? null : (double) most / least)
                .fact("few_below", FEW)
                .fact("few", few)
                .fact("unused", none)
                .fact("alike", alike);
        lines(names, counts, all, most, found);
        long used = Arrays.stream(counts).filter(count -> count > 0).count();
        if (used > 1) {
            found.info("the most frequent label has %.1f times the %s of the rarest", (double) most / least, unit);
        } else if (used == 1) {
            found.warning("all %s have one label, which leaves nothing to learn or to measure", unit);
        }
        if (!none.isEmpty()) found.warning("no row has the label %s", listed(none));
        if (!few.isEmpty()) {
            found.warning("labels with fewer than %d %s: %s. Give them more, or merge them", FEW, unit, listed(few));
        }
        for (List<String> group : alike) {
            found.warning("the labels %s differ in case or spaces only", listed(group));
        }
        return found.build();
    }

    private static void lines(List<String> names, long[] counts, long all, long most, Findings.Builder found) {
        // As a terminal will show them, so that the columns stay columns.
        List<String> shown = names.stream().map(TerminalText::line).toList();
        int width = shown.stream().mapToInt(String::length).max().orElse(1);
        for (int id = 0; id < Math.min(SHOWN, counts.length); id++) {
            found.info(
                    "%-" + width + "s  %,8d  %5.1f%%  %s",
                    shown.get(id),
                    counts[id],
                    100.0 * counts[id] / Math.max(1, all),
                    TextBar.of(counts[id], most));
        }
        if (counts.length > SHOWN) found.info("… and %,d more labels", counts.length - SHOWN);
    }

    private static List<String> names(List<String> names, long[] counts, long from, long to) {
        List<String> found = new ArrayList<>();
        for (int id = 0; id < counts.length; id++) {
            if (counts[id] >= from && counts[id] <= to) found.add(names.get(id));
        }
        return found;
    }

    private static List<List<String>> alike(List<String> names) {
        Map<String, List<String>> groups = new TreeMap<>();
        for (String name : names) {
            String key = name.replaceAll("[\\s\\u00a0]+", "").toLowerCase(Locale.ROOT);
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(name);
        }
        return groups.values().stream().filter(group -> group.size() > 1).toList();
    }

    /** The first of some names. */
    public static String listed(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(10, names.size())));
        return first + (names.size() > 10 ? ", … (" + names.size() + " in all)" : "");
    }
}
