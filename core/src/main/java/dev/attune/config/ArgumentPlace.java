package dev.attune.config;

/**
 * Where a value was written: a line of a file, or a flag.
 *
 * @param source name of the file, or the flag
 * @param line from 1; 0 for a flag
 */
public record ArgumentPlace(String source, int line) {
    public boolean isFlag() {
        return line == 0;
    }

    @Override
    public String toString() {
        return isFlag() ? source : source + ":" + line;
    }
}
