package io.sampo.node.peer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.protocol.raftpb.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state that changed on its way is not taken; of what etcd sends nobody can tell. */
class StateDigestTest {
  private static final byte[] BEGIN = {1, 2, 3};
  private static final byte[] END = {4, 5};
  private static final Message SIGNED =
      StateDigest.sign(Message.getDefaultInstance(), List.of(BEGIN, END).iterator());

  @TempDir private Path directory;

  private Path file(byte... content) throws IOException {
    return Files.write(directory.resolve("state"), content);
  }

  @Test
  void theSameBytesAreTaken() throws IOException {
    Path same = file(new byte[] {1, 2, 3, 4, 5});
    assertDoesNotThrow(() -> StateDigest.check(SIGNED, same));
  }

  @Test
  void oneBitIsNoticed() throws IOException {
    Path other = file(new byte[] {1, 2, 3, 4, 4});
    assertThrows(IOException.class, () -> StateDigest.check(SIGNED, other));
  }

  @Test
  void whatIsNotSignedIsTaken() throws IOException {
    Path any = file(new byte[] {9});
    assertDoesNotThrow(() -> StateDigest.check(Message.getDefaultInstance(), any));
  }
}
