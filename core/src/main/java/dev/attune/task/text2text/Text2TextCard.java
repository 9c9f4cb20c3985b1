package dev.attune.task.text2text;

import dev.attune.task.Description;
import java.util.List;

/** What the card of a model says that writes texts about others. */
final class Text2TextCard {
    private static final String COMMAND = "attune predict --model path/to/model \"Some text\"";

    private static final String JAVA = """
            try (var writer = dev.attune.task.text2text.Text2TextPipeline.load("path/to/model")) {
                System.out.println(writer.predict("Some text"));
            }""";

    /** The pipeline is gone from version 5 of transformers. */
    private static final String PYTHON = """
            from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("path/to/model")
            model = AutoModelForSeq2SeqLM.from_pretrained("path/to/model")
            written = model.generate(**tokenizer("Some text", return_tensors="pt"))
            print(tokenizer.decode(written[0], skip_special_tokens=True))""";

    private Text2TextCard() {}

    static Description description(Kind kind) {
        return new Description(
                kind.key(),
                "An encoder-decoder model",
                "It reads a text and writes another one.",
                List.of(),
                COMMAND,
                JAVA,
                List.of(PYTHON));
    }
}
