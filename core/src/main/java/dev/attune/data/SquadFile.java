package dev.attune.data;

import dev.attune.error.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of SQuAD 1.1 and 2.0: articles with paragraphs with questions. Each question becomes a row with the columns
 * {@code id, title, context, question, answers, is_impossible}; {@code answers} has the form of Hugging Face datasets, {@code
 * {"text": […], "answer_start": […]}}, with empty lists where there is no answer. Rajpurkar et al. 2018, <a
 * href="https://arxiv.org/abs/1806.03822">Know What You Don't Know</a>.
 */
final class SquadFile {
    private final String name;
    private final TableBuilder table;
    private int question;

    private SquadFile(String name, TableBuilder table) {
        this.name = name;
        this.table = table;
    }

    /** Whether the list under {@code data} holds articles and not rows. */
    static boolean is(List<?> data) {
        return !data.isEmpty() && data.get(0) instanceof Map<?, ?> article && article.containsKey("paragraphs");
    }

    /**
     * Adds a row for each question; places are counted from 1, {@code "dev.json question 17"}.
     *
     * @throws DataException if a part is missing or something else; the message has its place
     */
    static void read(List<?> data, String name, TableBuilder table) {
        table.place(name + " question ");
        SquadFile file = new SquadFile(name, table);
        for (int i = 0; i < data.size(); i++) file.article(data.get(i), "article " + (i + 1));
    }

    private void article(@Nullable Object value, String at) {
        Map<?, ?> article = map(value, at);
        List<?> paragraphs = list(article, "paragraphs", at);
        for (int i = 0; i < paragraphs.size(); i++) {
            String place = at + ", paragraph " + (i + 1);
            Map<?, ?> paragraph = map(paragraphs.get(i), place);
            String context = text(paragraph, "context", place);
            List<?> questions = list(paragraph, "qas", place);
            for (int k = 0; k < questions.size(); k++) {
                question(questions.get(k), article.get("title"), context, place + ", question " + (k + 1));
            }
        }
    }

    private void question(@Nullable Object value, @Nullable Object title, String context, String at) {
        Map<?, ?> asked = map(value, at);
        question++;
        Object id = asked.get("id");
        Object impossible = asked.get("is_impossible");
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", id == null ? String.valueOf(question) : id.toString());
        row.put("title", title == null ? null : title.toString());
        row.put("context", context);
        row.put("question", text(asked, "question", at));
        List<?> answers = Boolean.TRUE.equals(impossible) || !asked.containsKey("answers")
                ? List.of()
                : list(asked, "answers", at);
        if (answers.isEmpty() && !Boolean.TRUE.equals(impossible) && !asked.containsKey("answers")) {
            throw wrong(at, "has no \"answers\". Add them, or \"is_impossible\": true");
        }
        row.put("answers", answers(answers, at));
        row.put("is_impossible", impossible instanceof Boolean ? impossible : answers.isEmpty());
        table.row(row, question);
    }

    private Map<String, Object> answers(List<?> answers, String at) {
        List<Object> texts = new ArrayList<>();
        List<Object> starts = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            String place = at + ", answer " + (i + 1);
            Map<?, ?> answer = map(answers.get(i), place);
            texts.add(text(answer, "text", place));
            if (!(answer.get("answer_start") instanceof Number start)) {
                throw wrong(place, "has no \"answer_start\", the place of its first character in the context");
            }
            starts.add(start.longValue());
        }
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("text", texts);
        both.put("answer_start", starts);
        return both;
    }

    private Map<?, ?> map(@Nullable Object value, String at) {
        if (value instanceof Map<?, ?> map) return map;
        throw wrong(at, "is not an object");
    }

    private List<?> list(Map<?, ?> parent, String key, String at) {
        if (parent.get(key) instanceof List<?> list) return list;
        throw wrong(at, "has no list \"" + key + "\"");
    }

    private String text(Map<?, ?> parent, String key, String at) {
        if (parent.get(key) instanceof String text) return text;
        throw wrong(at, "has no text \"" + key + "\"");
    }

    private DataException wrong(String at, String what) {
        return new DataException(name + ": " + at + " " + what
                + ". A file of this form is {\"data\": [{\"paragraphs\": [{\"context\": …, \"qas\": [{\"id\": …,"
                + " \"question\": …, \"answers\": [{\"text\": …, \"answer_start\": …}]}]}]}]}.");
    }
}
