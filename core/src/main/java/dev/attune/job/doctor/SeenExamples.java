package dev.attune.job.doctor;

import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Three examples as the model will see them: the first, the one of median length and the longest, back from their tokens. */
public final class SeenExamples {
    private static final int WIDTH = 300;

    private SeenExamples() {}

    /** @param rowsRead how many rows the examples were made from */
    public static Findings of(CheckedRows rows, Examples examples, int rowsRead, Tokenizer tokenizer) {
        List<Map<String, Object>> facts = new ArrayList<>();
        Findings.Builder found = Findings.of("examples")
                .fact("rows", rowsRead)
                .fact("examples", examples.size())
                .fact("seen", facts);
        if (examples.size() != rowsRead) found.info("%,d rows become %,d examples", rowsRead, examples.size());
        rows.describe(examples, found);
        for (int i : chosen(examples)) {
            Example example = examples.get(i, 0);
            String text = tokenizer.decode(example.ids(), false);
            String lesson = rows.lesson(example, tokenizer);
            Map<String, Object> fact = new LinkedHashMap<>();
            fact.put("where", examples.where(i));
            fact.put("tokens", example.length());
            fact.put("text", text);
            fact.put("label", lesson);
            facts.add(fact);
            found.info("%s, %d tokens", examples.where(i), example.length());
            found.info("  sees    %s", Shortened.of(text, WIDTH));
            found.info("  learns  %s", lesson.isEmpty() ? "no label" : Shortened.of(lesson, WIDTH));
        }
        return found.build();
    }

    /** Fewer than three where examples are fewer, or one is two of them. */
    private static int[] chosen(Examples examples) {
        int[] lengths = examples.lengths();
        List<Integer> byLength = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> lengths[i]))
                .toList();
        int last = lengths.length - 1;
        return IntStream.of(0, byLength.get(last / 2), byLength.get(last))
                .distinct()
                .toArray();
    }
}
