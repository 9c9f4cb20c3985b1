package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code attune convert} as a script runs it. */
class ConvertCommandTest {
    @TempDir
    Path temp;

    private Path model;
    private Path output;

    @BeforeEach
    void make() throws IOException {
        model = new TinyRun(temp).model;
        output = temp.resolve("converted");
    }

    private record Done(int code, String out, String err) {}

    private static Done attune(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = Stream.of(words).map(Object::toString).toArray(String[]::new);
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Done(code, out.toString(), err.toString());
    }

    @Test
    void printsWhatItWroteAndTheFolderAnswersAsTheSource() {
        Done done = attune("convert", model, "--output", output);
        assertThat(done.code).as(done.err).isZero();
        assertThat(done.err).isEmpty();
        List<String> lines = done.out.lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).startsWith(output + ": ").matches(".* 5\\.\\dk parameters");
        assertThat(lines.get(2)).matches("  model\\.safetensors +2\\d\\.\\dK");
        assertThat(done.out).contains("config.json", "tokenizer.json", "tokenizer_config.json");
        Done source = attune("predict", "--task", "feature-extraction", "--model", model, "the film");
        Done converted = attune("predict", "--task", "feature-extraction", "--model", output, "the film");
        assertThat(converted.out).startsWith("[").isEqualTo(source.out);
    }

    @Test
    void anOutputThatIsNotFreeIsAMistakeOfTheConfiguration() throws IOException {
        assertThat(attune("convert", model, "--output", output).code).isZero();
        Done again = attune("convert", model, "--output", output);
        assertThat(again.code).isEqualTo(2);
        assertThat(again.err).contains("is not empty", "--overwrite").doesNotContain("\tat ");
        assertThat(again.out).isEmpty();
        assertThat(attune("convert", model, "--output", output, "--overwrite").code)
                .isZero();
        Files.writeString(output.resolve("notes.txt"), "mine");
        assertThat(attune("convert", model, "--output", output, "--overwrite").code)
                .isEqualTo(2);
        assertThat(attune("convert", model).code).isEqualTo(2);
        assertThat(attune("convert", "minilmm", "--output", temp.resolve("x")).err)
                .contains("Did you mean \"minilm\"?");
    }

    @Test
    void aModelThatCannotBeReadIsAMistakeOfTheModel() throws IOException {
        Path pickle =
                Files.writeString(temp.resolve("pytorch_model.bin"), "PK\3\4 and so on, for longer than a header");
        Path vocabulary = Files.writeString(temp.resolve("tok.bin"), "nothing");
        Done done = attune("convert", pickle, "--tokenizer", vocabulary, "--output", output);
        assertThat(done.code).isEqualTo(4);
        assertThat(done.err)
                .contains("pytorch_model.bin", "is a pickle, which can run code")
                .doesNotContain("\tat ");
        assertThat(output).doesNotExist();
    }

    @Test
    void whatIsLeftOutIsANoteOnStandardError() throws IOException {
        Files.delete(model.resolve("vocab.txt"));
        Done done = attune("convert", model, "--output", output);
        assertThat(done.code).isZero();
        assertThat(done.err).contains("There is no tokenizer that Attune reads, so none was written.");
        assertThat(done.out.lines()).hasSize(3);
    }
}
