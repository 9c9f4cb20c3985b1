package dev.attune.task.text2text;

/** The task {@code translation}. */
public final class Translation extends Text2Text {
    public Translation() {
        super(Kind.TRANSLATION);
    }

    @Override
    public String summary() {
        return "A text is written again in another language.";
    }
}
