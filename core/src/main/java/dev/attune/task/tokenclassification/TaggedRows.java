package dev.attune.task.tokenclassification;

import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.error.Suggestion;
import dev.attune.metric.Entities.Entity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rows as words and tags. Several threads may use it. */
record TaggedRows(Dataset data, TokenColumns columns, List<String> labels, TagScheme scheme, boolean repair) {
    private record Span(int start, int end, String label) {}

    /** A sentence with legal tags. */
    TaggedWords read(int row) {
        TaggedWords raw = raw(row);
        int foreign = scheme.foreign(raw.tags());
        if (foreign >= 0) {
            throw new DataException(
                    data.where(row) + ": the tag \"" + raw.tags().get(foreign) + "\" of word "
                            + (foreign + 1) + ", \"" + raw.words().get(foreign) + "\", is none of the scheme " + scheme
                            + ". Correct it, or set tag_scheme.");
        }
        int wrong = scheme.illegal(raw.tags());
        if (wrong < 0) return raw;
        if (repair) return new TaggedWords(raw.words(), scheme.repaired(raw.tags()));
        throw new DataException(data.where(row) + ": the tag \"" + raw.tags().get(wrong) + "\" of word " + (wrong + 1)
                + ", \""
                + raw.words().get(wrong) + "\", may not stand "
                + (wrong == 0 ? "at the beginning" : "after \"" + raw.tags().get(wrong - 1) + "\"") + " in the scheme "
                + scheme + ". Correct it, set repair_tags: true to have it rewritten, or set tag_scheme.");
    }

    /** Whether {@link #read} gives other tags than the row has. */
    boolean isRepaired(int row) {
        return repair && scheme.illegal(raw(row).tags()) >= 0;
    }

    /**
     * The places of the tags among the labels.
     *
     * @throws DataException if a tag is none of them
     */
    int[] ids(TaggedWords sentence, int row) {
        int[] ids = new int[sentence.tags().size()];
        for (int i = 0; i < ids.length; i++) {
            String tag = sentence.tags().get(i);
            ids[i] = labels.indexOf(tag);
            if (ids[i] < 0) {
                throw new DataException(data.where(row) + ": the tag of word " + (i + 1) + " is \"" + tag
                        + "\", but the model has the tags " + labels + "."
                        + Suggestion.didYouMean(tag, labels)
                        + " Correct the row, or name all tags in the training with the key labels.");
            }
        }
        return ids;
    }

    /** As the row has it. */
    TaggedWords raw(int row) {
        if (columns.spans()) return spans(row);
        List<String> words = words(data, row, columns.input());
        List<?> values = list(data, row, String.valueOf(columns.tags()), "tags");
        if (values.size() != words.size()) {
            throw new DataException(data.where(row) + ": there are " + words.size() + " words in column \""
                    + columns.input() + "\" but " + values.size() + " tags in column \"" + columns.tags()
                    + "\". Give each word one tag.");
        }
        return new TaggedWords(
                words, values.stream().map(value -> tag(value, row)).toList());
    }

    static List<String> words(Dataset data, int row, String column) {
        List<?> values = list(data, row, column, "words");
        if (values.isEmpty()) {
            throw new DataException(data.where(row) + ": there are no words in column \"" + column
                    + "\". Give the row some, or remove it.");
        }
        return values.stream()
                .map(value -> value == null ? "" : value.toString())
                .toList();
    }

    /** A text is split at its spaces: CSV files have no lists. */
    private static List<?> list(Dataset data, int row, String column, String what) {
        Object value = data.value(row, column);
        if (value instanceof List<?> list) return list;
        if (value instanceof String text)
            return text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
        throw new DataException(data.where(row) + ": column \"" + column + "\" holds "
                + (value == null ? "nothing" : "\"" + value + "\"") + ", expected a list of " + what
                + ". Name another column.");
    }

    private String tag(@Nullable Object value, int row) {
        if (value instanceof Long number) {
            if (labels.isEmpty()) {
                throw new DataException(data.where(row) + ": the tags in column \"" + columns.tags()
                        + "\" are numbers. Name them in their order, as in labels: [O, B-PER, I-PER].");
            }
            if (number < 0 || number >= labels.size()) {
                throw new DataException(data.where(row) + ": the tag " + number + " in column \"" + columns.tags()
                        + "\" is not a place in the " + labels.size() + " labels. Correct it, or name all labels.");
            }
            return labels.get(number.intValue());
        }
        if (value == null || value.toString().isBlank()) {
            throw new DataException(data.where(row) + ": a tag in column \"" + columns.tags()
                    + "\" is empty. Write O for a word outside of all entities.");
        }
        return value.toString().strip();
    }

    private TaggedWords spans(int row) {
        Object value = data.value(row, columns.input());
        if (!(value instanceof String text) || text.isBlank()) {
            throw new DataException(data.where(row) + ": there is no text in column \"" + columns.input()
                    + "\". Give the row one, or remove it.");
        }
        int[] points = text.codePoints().toArray();
        List<int[]> words = WordSplit.of(points);
        List<Span> spans = new ArrayList<>();
        Object given = data.value(row, String.valueOf(columns.tags()));
        if (given != null && !(given instanceof List<?>)) throw wrong(row, "the spans are not a list");
        for (Object each : given == null ? List.of() : (List<?>) given) spans.add(span(each, row, points));
        spans.sort(Comparator.comparingInt(Span::start));
        List<Entity> entities = new ArrayList<>();
        int free = 0;
        for (Span span : spans) {
            int first = free;
            while (first < words.size() && words.get(first)[1] <= span.start()) first++;
            int last = first;
            while (last < words.size() && words.get(last)[0] < span.end()) last++;
            boolean overlaps = free > 0 && words.get(free - 1)[1] > span.start();
            if (overlaps) throw wrong(row, "the span " + span.start() + " to " + span.end() + " overlaps another");
            if (last == first) throw wrong(row, "the span " + span.start() + " to " + span.end() + " holds no word");
            entities.add(new Entity(span.label(), first, last - 1));
            free = last;
        }
        List<String> texts = words.stream()
                .map(word -> new String(points, word[0], word[1] - word[0]))
                .toList();
        return new TaggedWords(texts, scheme.tags(texts.size(), entities));
    }

    private Span span(@Nullable Object value, int row, int[] points) {
        if (!(value instanceof Map<?, ?> map)
                || !(map.get("start") instanceof Long start)
                || !(map.get("end") instanceof Long end)
                || !(map.get("label") instanceof String label)
                || label.isBlank()) {
            throw wrong(row, "a span is " + value + ", expected {\"start\": 0, \"end\": 4, \"label\": \"PER\"}");
        }
        if (start < 0 || end <= start || end > points.length) {
            throw wrong(
                    row,
                    "the span " + start + " to " + end + " is not within the text of " + points.length
                            + " code points");
        }
        return new Span(start.intValue(), end.intValue(), label.strip());
    }

    private DataException wrong(int row, String what) {
        return new DataException(
                data.where(row) + ": " + what + " (column \"" + columns.tags() + "\"). Correct the row, or remove it.");
    }
}
