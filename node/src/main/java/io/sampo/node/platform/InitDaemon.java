package io.sampo.node.platform;

import com.sun.jna.NativeLong;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The process that has started this one and wants to hear when it is ready: systemd, for a unit of
 * {@code Type=notify}, which etcd's own unit is. (sd_notify(3))
 */
public final class InitDaemon {
  /** The variable of the environment that names its socket. */
  public static final String VARIABLE = "NOTIFY_SOCKET";

  private static final byte[] READY = "READY=1".getBytes(StandardCharsets.US_ASCII);
  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** {@code sun_path} of unix(7). */
  private static final int MAX_PATH_BYTES = 108;

  private InitDaemon() {}

  /**
   * Says that this process is ready.
   *
   * @param socket a path, or a name behind {@code @}
   * @throws IOException with the reason
   */
  public static void notifyReady(String socket) throws IOException {
    byte[] address = address(socket);
    NativeCalls.make(
        library -> {
          int descriptor = library.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
          try {
            library.sendto(
                descriptor,
                READY,
                new NativeLong(READY.length),
                MSG_NOSIGNAL,
                address,
                address.length);
          } finally {
            library.close(descriptor);
          }
        });
  }

  private static byte[] address(String socket) throws IOException {
    byte[] path = socket.getBytes(StandardCharsets.UTF_8);
    if (path.length >= MAX_PATH_BYTES) {
      throw new IOException("the name of the socket is too long: " + socket);
    }
    if (socket.startsWith("@")) {
      path[0] = 0;
    }
    ByteArrayOutputStream address = new ByteArrayOutputStream();
    address.writeBytes(
        ByteBuffer.allocate(Short.BYTES).order(ByteOrder.nativeOrder()).putShort(AF_UNIX).array());
    address.writeBytes(path);
    return address.toByteArray();
  }
}
