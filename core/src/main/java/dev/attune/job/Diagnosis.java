package dev.attune.job;

import dev.attune.task.Finding;
import dev.attune.task.Finding.Level;
import dev.attune.task.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link DataDoctor} found.
 *
 * @param task its key
 * @param maxLength where texts are cut, in tokens
 * @param sections in the order in which they are to be shown
 */
public record Diagnosis(String task, String model, int maxLength, List<Section> sections) {
    public Diagnosis {
        sections = List.copyOf(sections);
    }

    /**
     * What was found of one set, of two sets together, or of the run.
     *
     * @param key {@code train}, {@code train_and_validation}, {@code run}
     * @param heading for people
     * @param facts what is known of all of it: name, rows, columns
     */
    public record Section(String key, String heading, Map<String, ?> facts, List<Findings> findings) {
        public Section {
            findings = List.copyOf(findings);
        }

        /** The heading and all lines. */
        public List<Finding> lines() {
            List<Finding> lines = new ArrayList<>();
            lines.add(new Finding(Level.HEADING, heading));
            findings.forEach(each -> lines.addAll(each.lines()));
            return lines;
        }
    }

    /** All lines, as a terminal shows them. */
    public List<Finding> lines() {
        return sections.stream().flatMap(section -> section.lines().stream()).toList();
    }

    /** Lines of one kind. */
    public long count(Level level) {
        return lines().stream().filter(line -> line.level() == level).count();
    }

    /** Whether a training would refuse the data. */
    public boolean hasErrors() {
        return count(Level.ERROR) > 0;
    }

    /** All of it for a JSON writer; keys are the same whatever was found. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("task", task);
        map.put("model", model);
        map.put("max_length", maxLength);
        map.put("errors", sentences(Level.ERROR));
        map.put("warnings", sentences(Level.WARNING));
        for (Section section : sections) {
            Map<String, @Nullable Object> facts = new LinkedHashMap<>(section.facts());
            section.findings().stream()
                    .filter(each -> !each.facts().isEmpty())
                    .forEach(each -> facts.put(each.key(), each.facts()));
            map.put(section.key(), facts);
        }
        return map;
    }

    private List<Map<String, String>> sentences(Level level) {
        List<Map<String, String>> sentences = new ArrayList<>();
        for (Section section : sections) {
            for (Findings each : section.findings()) {
                for (Finding line : each.lines()) {
                    if (line.level() == level)
                        sentences.add(Map.of("section", section.key(), "check", each.key(), "text", line.text()));
                }
            }
        }
        return sentences;
    }
}
