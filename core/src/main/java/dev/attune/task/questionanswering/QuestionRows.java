package dev.attune.task.questionanswering;

import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.task.TextRows;
import dev.attune.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Questions, contexts and answers of rows; whoever asks for one gets it checked. Several threads may ask. */
record QuestionRows(Dataset data, QuestionColumns columns) {
    /** Characters of an answer that a message shows. */
    private static final int SHOWN = 60;

    /** Where a person finds the question. */
    String where(int row) {
        Object id = data.columns().contains("id") ? data.value(row, "id") : null;
        return data.where(row) + (id == null ? "" : " (id " + id + ")");
    }

    /** The key of a question in the files of an evaluation: its id, or the number of its row. */
    String id(int row) {
        Object id = data.columns().contains("id") ? data.value(row, "id") : null;
        return id == null ? String.valueOf(row) : id.toString();
    }

    /** @throws DataException with the row, if one of the two is missing or empty */
    QuestionInput input(int row) {
        String question = QuestionInput.stripped(TextRows.text(data, row, columns.question()));
        return new QuestionInput(question, TextRows.text(data, row, columns.context()));
    }

    /** As {@link #input}, the question as it stands: the pipeline of the reference does not strip it. */
    QuestionInput plain(int row) {
        return new QuestionInput(
                TextRows.text(data, row, columns.question()), TextRows.text(data, row, columns.context()));
    }

    /** The context, as far as there is one. */
    String context(int row) {
        return String.valueOf(data.value(row, columns.context()));
    }

    boolean anyWithoutAnswer() {
        for (int row = 0; row < data.size(); row++) if (cells(row).isEmpty()) return true;
        return false;
    }

    /** The texts of all answers, wherever they stand; empty if there is none. */
    List<String> texts(int row) {
        return cells(row).stream().map(Cell::text).toList();
    }

    /**
     * All answers at their places; empty if there is none.
     *
     * @throws DataException with the row, if one is not at its place
     */
    List<GoldAnswer> answers(int row, String context) {
        List<GoldAnswer> answers = new ArrayList<>();
        for (Cell cell : cells(row)) answers.add(new GoldAnswer(cell.text, start(cell, row, context)));
        return answers;
    }

    /** An answer as it was written down: its place in code points. */
    private record Cell(String text, @Nullable Object start) {}

    private List<Cell> cells(int row) {
        List<Cell> cells = new ArrayList<>();
        if (columns.answers() == null) {
            if (columns.answerText() == null) return cells;
            Object start = columns.answerStart() == null ? null : data.value(row, columns.answerStart());
            add(data.value(row, columns.answerText()), start, row, columns.answerText(), cells);
            return cells;
        }
        Object value = data.value(row, columns.answers());
        if (value == null) return cells;
        if (value instanceof List<?> list) {
            for (Object each : list) one(each, row, cells);
        } else {
            one(value, row, cells);
        }
        return cells;
    }

    private void one(@Nullable Object value, int row, List<Cell> cells) {
        if (!(value instanceof Map<?, ?> map) || !map.containsKey("text")) throw shape(row, value);
        Object text = map.get("text");
        Object start = map.get("answer_start");
        if (!(text instanceof List<?> texts)) {
            add(text, start, row, columns.answers(), cells);
            return;
        }
        List<?> starts = start instanceof List<?> list ? list : List.of();
        if (start != null && starts.size() != texts.size()) {
            throw new DataException(where(row) + ": the answers in column \"" + columns.answers() + "\" have "
                    + texts.size() + " texts but " + starts.size() + " places. Give each text its answer_start.");
        }
        for (int i = 0; i < texts.size(); i++) {
            add(texts.get(i), starts.isEmpty() ? null : starts.get(i), row, columns.answers(), cells);
        }
    }

    /** An empty text is how a table says that there is no answer. */
    private void add(
            @Nullable Object text, @Nullable Object start, int row, @Nullable String column, List<Cell> cells) {
        if (text instanceof Map<?, ?> || text instanceof List<?>) throw shape(row, text);
        if (text != null && !text.toString().isBlank()) cells.add(new Cell(text.toString(), start));
    }

    private DataException shape(int row, @Nullable Object value) {
        String found = value instanceof Map<?, ?>
                ? "an object without a text"
                : value instanceof List<?> ? "a list" : "\"" + value + "\"";
        return new DataException(where(row) + ": the answers are " + found
                + ", expected {text: […], answer_start: […]} or a list of {text, answer_start}. Mend the row, or name"
                + " columns of texts and places with answer_text_column and answer_start_column.");
    }

    private int start(Cell cell, int row, String context) {
        long given = number(cell, row);
        int points = context.codePointCount(0, context.length());
        if (given >= 0 && given <= points) {
            int at = context.offsetByCodePoints(0, (int) given);
            if (context.startsWith(cell.text, at)) return at;
        }
        String wrong = where(row) + ": the answer \"" + Excerpt.of(cell.text, SHOWN) + "\" is not at answer_start "
                + given + " of the context, where ";
        wrong += given < 0 || given >= points
                ? "nothing stands (the context has " + points + " characters)"
                : "\"" + Excerpt.of(found(context, (int) given, cell.text), SHOWN) + "\" stands";
        if (given >= 0 && given <= context.length() && context.startsWith(cell.text, (int) given)) {
            throw new DataException(
                    wrong + ". It is there when the place counts UTF-16 units, as Java and JavaScript do;"
                            + " answer_start counts code points, as Python does: write "
                            + context.codePointCount(0, (int) given) + ".");
        }
        int first = context.indexOf(cell.text);
        throw new DataException(wrong
                + (first < 0
                        ? ", and the context does not have it anywhere. An answer must be a part of the context, letter for"
                                + " letter: mend the row, or remove it."
                        : ". The context has it first at " + context.codePointCount(0, first)
                                + ". Mend answer_start; it counts code points from 0."));
    }

    private long number(Cell cell, int row) {
        if (cell.start instanceof Long start) return start;
        if (cell.start instanceof Double start && start == Math.rint(start)) return start.longValue();
        if (cell.start instanceof String start) {
            try {
                return Long.parseLong(start.strip());
            } catch (NumberFormatException e) {
                // falls through to the sentence below
            }
        }
        throw new DataException(where(row) + ": the answer \"" + Excerpt.of(cell.text, SHOWN) + "\" has "
                + (cell.start == null ? "no answer_start" : "the answer_start \"" + cell.start + "\"")
                + ". Give the place of its first character in the context, a whole number from 0.");
    }

    private static String found(String context, int start, String like) {
        int from = context.offsetByCodePoints(0, start);
        int count = Math.min(like.codePointCount(0, like.length()), context.codePointCount(from, context.length()));
        return context.substring(from, context.offsetByCodePoints(from, count));
    }
}
