package io.sampo.tests.operation;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A socket in the file system, or of an abstract name, that takes datagrams, as systemd's does. */
final class DatagramSocket implements AutoCloseable {
  private static final int MOST_BYTES = 1_000;

  interface CLibrary extends Library {
    int socket(int domain, int type, int protocol) throws LastErrorException;

    int bind(int socket, byte[] address, int length) throws LastErrorException;

    NativeLong recv(int socket, byte[] bytes, NativeLong length, int flags)
        throws LastErrorException;

    int close(int descriptor) throws LastErrorException;
  }

  private final CLibrary library = Native.load("c", CLibrary.class);
  private final int descriptor = library.socket(1, 2, 0);

  /**
   * @param name a path, or a name behind a byte of zero
   */
  DatagramSocket(String name) {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    byte[] address =
        ByteBuffer.allocate(2 + path.length)
            .order(ByteOrder.nativeOrder())
            .putShort((short) 1)
            .put(path)
            .array();
    library.bind(descriptor, address, address.length);
  }

  /** The next one; waits for it. */
  String receive() {
    byte[] bytes = new byte[MOST_BYTES];
    int length = library.recv(descriptor, bytes, new NativeLong(MOST_BYTES), 0).intValue();
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    library.close(descriptor);
  }
}
