package dev.attune.task.text2text;

import java.util.List;

/**
 * What the three tasks that write a text about another one have of their own.
 *
 * @param key the task's name
 * @param output name of the text in an answer
 * @param pairs usual names of two columns: what is read, and what is written about it
 * @param sources usual names of the column that is read
 */
record Kind(String key, String output, List<List<String>> pairs, List<String> sources) {
    private static final List<List<String>> PAIRS = List.of(
            List.of("source", "target"),
            List.of("input", "output"),
            List.of("input_text", "target_text"),
            List.of("question", "answer"),
            List.of("prompt", "completion"),
            List.of("text", "target"));

    /** Those of the data sets that the reference's script knows by name. */
    private static final List<List<String>> SUMMARIES = List.of(
            List.of("document", "summary"),
            List.of("article", "highlights"),
            List.of("dialogue", "summary"),
            List.of("article", "summary"),
            List.of("text", "summary"),
            List.of("body", "summary"),
            List.of("description", "abstract"),
            List.of("source", "target"));

    private static final List<List<String>> TRANSLATIONS =
            List.of(List.of("source", "target"), List.of("src", "tgt"), List.of("text", "translation"));

    static final Kind ANY = new Kind(
            "text2text-generation",
            "generated_text",
            PAIRS,
            List.of("source", "input", "input_text", "question", "prompt", "text"));

    static final Kind SUMMARY = new Kind(
            "summarization",
            "summary_text",
            SUMMARIES,
            List.of("document", "article", "dialogue", "text", "body", "source"));

    static final Kind TRANSLATION =
            new Kind("translation", "translation_text", TRANSLATIONS, List.of("source", "src", "text"));
}
