package dev.attune.cli;

import dev.attune.error.AttuneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import org.jspecify.annotations.Nullable;

/**
 * Runs the cells of a notebook, one after the other, in this JVM: its class path, its options and the libraries it has
 * loaded serve them. Only this class needs the module {@code jdk.jshell}.
 */
final class CellShell implements AutoCloseable {
    /** What the kernel of Jupyter brings along. */
    private static final List<String> PRELUDE = List.of(
            "import java.io.*;",
            "import java.util.*;",
            "String display(String mime, Object what) { return \"\"; }",
            "String display(Object what) { System.out.println(what); return \"\"; }");

    private final JShell shell = JShell.builder().executionEngine("local").build();

    /** A cell did not do what it should. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;
        private final int exitCode;

        Failed(String message, int exitCode) {
            super(message);
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    CellShell() {
        // Classes are found by the loader of this JVM; the compiler has to be told.
        shell.addToClasspath(System.getProperty("java.class.path"));
        PRELUDE.forEach(shell::eval);
    }

    /**
     * Runs one cell.
     *
     * @return the value of the last expression, as Jupyter shows it; null if there is none
     * @throws Failed if it does not compile, or throws
     */
    @Nullable
    String run(String java) throws Failed {
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        List<Snippet> defined = new ArrayList<>();
        String value = null;
        for (String rest = java; !rest.isBlank(); ) {
            SourceCodeAnalysis.CompletionInfo next = analysis.analyzeCompletion(rest);
            Completeness complete = next.completeness();
            if (complete == Completeness.EMPTY) break; // comments
            if (complete == Completeness.DEFINITELY_INCOMPLETE) throw new Failed("it ends too early:\n" + rest, 1);
            String source = next.source() == null ? rest : next.source();
            for (SnippetEvent event : shell.eval(source)) {
                // Others are earlier snippets that this one completes or replaces.
                if (event.causeSnippet() != null) continue;
                requireDone(event);
                // Java needs no semicolon after the last expression of a cell: one without it is to be seen.
                String written =
                        rest.substring(0, rest.length() - next.remaining().length());
                boolean seen = isExpression(event.snippet())
                        && !written.stripTrailing().endsWith(";");
                value = seen ? event.value() : null;
                defined.add(event.snippet());
            }
            rest = next.source() == null ? "" : next.remaining();
        }
        for (Snippet snippet : defined) requireResolved(snippet);
        return value;
    }

    /** JShell keeps the value of most expressions in a variable that it names itself. */
    private static boolean isExpression(Snippet snippet) {
        return snippet.kind() == Snippet.Kind.EXPRESSION
                || snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
    }

    private void requireDone(SnippetEvent event) throws Failed {
        Snippet snippet = event.snippet();
        if (event.status() == Snippet.Status.REJECTED) {
            throw new Failed("it does not compile:\n" + diagnostics(snippet) + "\n" + snippet.source(), 1);
        }
        JShellException thrown = event.exception();
        if (thrown != null) throw failed(thrown, snippet);
    }

    /** A method may use what a later line defines; at the end of the cell nothing may be missing. */
    private void requireResolved(Snippet snippet) throws Failed {
        Snippet.Status status = shell.status(snippet);
        if (status != Snippet.Status.RECOVERABLE_DEFINED && status != Snippet.Status.RECOVERABLE_NOT_DEFINED) return;
        String missing = snippet instanceof DeclarationSnippet declaration
                ? shell.unresolvedDependencies(declaration).collect(Collectors.joining(", "))
                : "";
        throw new Failed("it does not compile, since it lacks " + missing + ":\n" + snippet.source(), 1);
    }

    private String diagnostics(Snippet snippet) {
        return shell.diagnostics(snippet)
                .map(diagnostic -> "  " + diagnostic.getMessage(Locale.ROOT))
                .collect(Collectors.joining("\n"));
    }

    private static Failed failed(JShellException thrown, Snippet snippet) {
        if (!(thrown instanceof EvalException exception)) {
            return new Failed("it cannot run (" + thrown.getMessage() + "):\n" + snippet.source(), 1);
        }
        String message = exception.getMessage() == null ? "" : ": " + exception.getMessage();
        return new Failed(
                "it threw " + exception.getExceptionClassName() + message + "\n" + snippet.source(),
                exitCode(exception));
    }

    /** An error of Attune keeps its exit code, as if a command had met it; everything else is a bug of the lab. */
    private static int exitCode(EvalException exception) {
        try {
            Class<?> type = Class.forName(exception.getExceptionClassName());
            if (AttuneException.class.isAssignableFrom(type)) {
                return ((AttuneException) type.getConstructor(String.class).newInstance("")).exitCode();
            }
        } catch (ReflectiveOperationException e) {
            // a class of the notebook itself, or one that is made otherwise
        }
        return Failures.BUG;
    }

    @Override
    public void close() {
        shell.close();
    }
}
