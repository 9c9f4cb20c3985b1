package dev.attune.job;

import dev.attune.fuzz.FuzzTarget;
import dev.attune.job.search.SearchReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A recipe: YAML from which no class is made, and which reads no file before the job begins. */
public final class RecipeFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "recipe-yaml";
    }

    @Override
    public String file() {
        return "recipe.yaml";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(bytes("""
                        # a comment
                        task: text-classification
                        model: minilm
                        train: train.csv
                        validation: validation.csv
                        output_dir: runs/quick
                        learning_rate: 1e-4   # a number
                        num_train_epochs: 3
                        text_column: text
                        label_column: "no"
                        """), bytes("""
                        model: minilm
                        train: train.csv
                        validation: validation.csv
                        search:
                          algorithm: tpe
                          trials: 5
                          learning_rate: log_uniform(1e-5, 1e-3)
                          num_train_epochs: int(1, 4)
                          lr_scheduler_type: [linear, cosine]
                        """), bytes("""
                        task: token-classification
                        model: {config: c.json, tokenizer: here}
                        train:
                          jdbc: jdbc:postgresql://localhost/shop
                          query: |
                            SELECT a
                            FROM b
                          user: "u"
                          password_env: SHOP_PASSWORD
                        validation_fraction: 0.1
                        output_dir: out
                        overwrite: True
                        """), bytes("task: fill-mask\nmodel: m\ntrain: a.txt\nseed: 1\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<String> words() {
        return List.of(
                "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]",
                "!!java.io.File [x]",
                "!!binary aGk=",
                "!<tag:x> ",
                "&a ",
                "*a",
                "<<: *a",
                "---\n",
                "...\n",
                "%YAML 1.1\n",
                "? ",
                ": ",
                "- ",
                "|\n  ",
                ">-\n  ",
                "{",
                "}",
                "[",
                "'",
                "true",
                "True",
                "~",
                "null",
                "NO",
                "0o17",
                "1_000",
                ".inf",
                "\n  ",
                "\u0085",
                "\u2029",
                "\uFEFF",
                "\ud83d\ude00 true",
                "\u00e9: false",
                "test: ",
                "eval_steps: ",
                "max_length: ",
                "resume_from_checkpoint: ",
                "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n");
    }

    @Override
    public void read(Path file) {
        RecipeReader reader = new RecipeReader().file(file);
        reader.forTraining().toMap();
        if (!reader.searched().isEmpty()) SearchReader.read(reader);
    }

    /** What is missing is missing in no line. */
    @Override
    public boolean namesFile(String message) {
        return message.contains(file()) || message.contains(" is missing. Add it to the recipe");
    }
}
