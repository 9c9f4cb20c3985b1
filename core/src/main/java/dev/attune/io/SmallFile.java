package dev.attune.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are read whole because they are small. One that is not is refused before it fills the memory. */
public final class SmallFile {
    private SmallFile() {}

    /**
     * The bytes of a file.
     *
     * @param mebibytes most that it may have
     * @throws IOException if it cannot be read or is larger
     */
    public static byte[] bytes(Path file, int mebibytes) throws IOException {
        long most = (long) mebibytes << 20;
        try (InputStream in = Files.newInputStream(file)) {
            // What is no regular file has no size, or tells 0 and never ends.
            byte[] bytes = Files.size(file) > most ? null : in.readNBytes((int) most + 1);
            if (bytes != null && bytes.length <= most) return bytes;
            throw new IOException("it has more than " + mebibytes + " MiB, and no such file is that large");
        }
    }

    /**
     * The text of a file in UTF-8.
     *
     * @param mebibytes most that it may have
     * @throws java.nio.charset.CharacterCodingException if it is not UTF-8
     * @throws IOException if it cannot be read or is larger
     */
    public static String text(Path file, int mebibytes) throws IOException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes(file, mebibytes)))
                .toString();
    }
}
