package dev.attune.task.text2text;

/** The task {@code summarization}. */
public final class Summarization extends Text2Text {
    public Summarization() {
        super(Kind.SUMMARY);
    }

    @Override
    public String summary() {
        return "A text is written again, shorter.";
    }
}
